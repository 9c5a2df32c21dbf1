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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code belay undo-restore}: the same swap, the other way round. */
@Command(
    name = "undo-restore",
    description = "Put a replaced database back in the place of the restored one.",
    footer = {
      "",
      "The database that is live now is kept in its turn: this can be undone too.",
      "",
      "Examples:",
      "  belay undo-restore",
      "  belay undo-restore orders_replaced_20240101_120000 --yes"
    })
public final class UndoRestoreCommand extends ReportCommand {
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(
      arity = "0..1",
      paramLabel = "<name>",
      description = "The replaced database (default: the newest of the target).")
  private @Nullable String name;

  public UndoRestoreCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun run = GuardedRun.of(settings, progress, "undo-restore", wait.longest());
    return new UndoRestore(run)
        .run(
            Optional.ofNullable(name),
            change.dryRun(),
            change.consent(terminal(), settings.isProduction()));
  }
}
