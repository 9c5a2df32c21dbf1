package dev.belay.gradual;

import dev.belay.cli.Progress;
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

/** {@code belay batch status}. */
@Command(
    name = "status",
    description = "Say how far gradual-rollback is, and what it waits for.",
    footer = {"", "Examples:", "  belay batch status", "  belay batch status 3 --output json"})
public final class BatchStatusCommand extends ReportCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "<run>",
      description = "Its number (default: the newest five).")
  private @Nullable Long run;

  BatchStatusCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun guarded = GuardedRun.of(settings, progress, "batch status", Duration.ZERO);
    BatchControl control = new BatchControl(guarded, surroundings().osUser());
    return control.status(Optional.ofNullable(run));
  }
}
