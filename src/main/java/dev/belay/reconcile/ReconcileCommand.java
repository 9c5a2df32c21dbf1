package dev.belay.reconcile;

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

/** {@code belay reconcile-data}: brings back what a restore left behind. */
@Command(
    name = "reconcile-data",
    description = "Bring back the rows that a restore left behind, and say what differs.",
    footer = {
      "",
      "Where the rows come from (--from):",
      "  backup     the backup: rows that were lost or damaged since (default)",
      "  replaced   the database that was live until backup-restore or",
      "             emergency-rollback replaced it: rows that were written between",
      "             the backup and the failure. Name the backup that was restored,",
      "             or latest; one of several by its name: belay list-replaced",
      "",
      "What is done with rows that differ (--policy):",
      "  add-missing  those that the target lacks are added (default)",
      "  overwrite    and those that differ become as in the source",
      "  exact        and those that only the target has are removed",
      "  three-way    what only the source changed since the backup is taken over;",
      "               what both changed is a conflict, listed and left alone",
      "With --from replaced the backup tells new rows from removed ones: a row that",
      "somebody removed since is not brought back.",
      "",
      "Rows of a table without a key are told apart by their values only.",
      "",
      "It is 0 when the plan was carried out or nothing was to be done, 10 when",
      "nothing was to be written and something remains, 20 when rows were written",
      "and some of the plan was not, or the checks at the end found something. What",
      "remains is listed in reconciliation_reports/*.html and *.json. Stopped at any",
      "moment, the same command goes on.",
      "",
      "Examples:",
      "  belay reconcile-data latest --from replaced --dry-run",
      "  belay reconcile-data latest --from replaced",
      "  belay reconcile-data latest --from replaced --policy three-way --removals",
      "  belay reconcile-data orders_20240101_120000 --table 'public.order*'",
      "  belay reconcile-data latest --policy overwrite --batch-size 5000 --yes"
    })
public final class ReconcileCommand extends ReportCommand {
  @Mixin private ReconcileOptions options;
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(arity = "1", paramLabel = "<backup>", description = "An id, a path, or latest.")
  private String backup = "";

  public ReconcileCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    ReconcileRequest request = options.request(backup, settings, change.dryRun());
    GuardedRun run = GuardedRun.of(settings, progress, "reconcile-data", wait.longest());
    return new Reconcile(
            run,
            request,
            surroundings().environment(),
            change.consent(terminal(), settings.isProduction()))
        .run();
  }
}
