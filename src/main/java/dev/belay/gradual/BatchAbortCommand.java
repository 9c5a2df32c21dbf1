package dev.belay.gradual;

import dev.belay.cli.Progress;
import dev.belay.cli.Recorded;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay batch abort}. */
@Command(
    name = "abort",
    description = "End gradual-rollback after the batch that it is at; it can go on later.",
    footer = {"", "Examples:", "  belay batch abort", "  belay batch abort --discard 3"})
public final class BatchAbortCommand extends ReportCommand implements Recorded {
  @Parameters(
      arity = "0..1",
      paramLabel = "<run>",
      description = "Its number (default: the one that is not over).")
  private @Nullable Long run;

  @Option(
      names = "--discard",
      description =
          "Give up for good one on which nobody works: its triggers go, what it did stays.")
  private boolean discard;

  @Option(
      names = "--discard-done",
      description = "With --discard: though batches were done that a new run would do once more.")
  private boolean discardDone;

  BatchAbortCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    if (discardDone && !discard) {
      throw Failure.usage("--discard-done goes with --discard", "belay batch abort --discard");
    }
    GuardedRun guarded = GuardedRun.of(settings, progress, "batch abort", Duration.ZERO);
    BatchControl control = new BatchControl(guarded, surroundings().osUser());
    return discard
        ? control.discard(Optional.ofNullable(run), discardDone)
        : control.abort(Optional.ofNullable(run));
  }
}
