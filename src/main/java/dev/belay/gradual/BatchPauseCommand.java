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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay batch pause}. */
@Command(
    name = "pause",
    description = "Make gradual-rollback wait after the batch that it is at.",
    footer = {
      "",
      "Examples:",
      "  belay batch pause",
      "  belay batch pause --reason 'month-end run'"
    })
public final class BatchPauseCommand extends ReportCommand implements Recorded {
  @Parameters(
      arity = "0..1",
      paramLabel = "<run>",
      description = "Its number (default: the one that is not over).")
  private @Nullable Long run;

  @Option(
      names = "--reason",
      paramLabel = "<text>",
      description = "Why, for whoever asks for the status.")
  private String reason = "";

  BatchPauseCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun guarded = GuardedRun.of(settings, progress, "batch pause", Duration.ZERO);
    BatchControl control = new BatchControl(guarded, surroundings().osUser());
    return control.pause(Optional.ofNullable(run), reason);
  }
}
