package dev.belay.restore;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code belay discard-replaced}: frees the space of a replaced database, for ever. */
@Command(
    name = "discard-replaced",
    description = "Drop a replaced database that is no longer needed.",
    footer = {
      "",
      "What is in it is gone for good. See what is kept: belay list-replaced",
      "",
      "Examples:",
      "  belay discard-replaced orders_replaced_20240101_120000",
      "  belay discard-replaced all --yes"
    })
public final class DiscardReplacedCommand extends ReportCommand {
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(
      arity = "1",
      paramLabel = "<name>",
      description = "The replaced database, or all: every one of the target.")
  private String name = "";

  public DiscardReplacedCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun run = GuardedRun.of(settings, progress, "discard-replaced", wait.longest());
    return new DiscardReplaced(run)
        .run(name, change.dryRun(), change.consent(terminal(), settings.isProduction()));
  }
}
