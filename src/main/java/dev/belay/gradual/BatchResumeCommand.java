package dev.belay.gradual;

import dev.belay.cli.Progress;
import dev.belay.cli.Recorded;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code belay batch resume}. */
@Command(
    name = "resume",
    description = "Let a paused gradual-rollback go on.",
    footer = {"", "Examples:", "  belay batch resume", "  belay batch resume 3"})
public final class BatchResumeCommand extends ReportCommand implements Recorded {
  @Parameters(
      arity = "0..1",
      paramLabel = "<run>",
      description = "Its number (default: the one that is not over).")
  private @Nullable Long run;

  BatchResumeCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun guarded = GuardedRun.of(settings, progress, "batch resume", Duration.ZERO);
    BatchControl control = new BatchControl(guarded, surroundings().osUser());
    return control.resume(Optional.ofNullable(run));
  }
}
