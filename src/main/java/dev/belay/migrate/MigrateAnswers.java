package dev.belay.migrate;

import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.Migration;
import dev.belay.migrations.PendingRisk;
import dev.belay.monitor.MonitorSummary;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.rollback.LossAccount;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the answer of {@code migrate}: what would be applied, or what was, and the way back. */
final class MigrateAnswers {
  private final GuardedRun run;
  private final MigrateRequest request;
  private final Forecast forecast;
  private final Phases phases;

  MigrateAnswers(GuardedRun run, MigrateRequest request, Forecast forecast, Phases phases) {
    this.run = run;
    this.request = request;
    this.forecast = forecast;
    this.phases = phases;
  }

  /**
   * What there is to tell of migrations that went through.
   *
   * @param backup the id of the backup that was made before; empty: none
   * @param exports files of what was lost
   * @param monitored what was seen of machine and database; empty: nobody looked
   * @param watched what was seen afterwards; empty: nobody looked
   */
  record Done(
      Applying applying,
      UndoKeeping undos,
      Optional<String> backup,
      List<String> exports,
      Optional<MonitorSummary> monitored,
      Afterwards.Compared compared,
      Optional<WatchWindow.Seen> watched) {}

  /** The answer of a plan that was only shown. */
  MigrateReport planned() {
    return new MigrateReport(
        run.target().toString(),
        request.app().name(),
        true,
        forecast.pending().stream().map(each -> line(each, 0)).toList(),
        forecast.state().history().currentVersion(),
        null,
        null,
        List.of(),
        0,
        0,
        0,
        null,
        null,
        phases.done(),
        List.of(),
        forecast.losses().stream().map(LossAccount::words).toList(),
        null);
  }

  /** The answer of migrations that went through, as Flyway's table has them. */
  MigrateReport done(Database session, Done done) {
    List<AppliedMigration> rows = NewRows.read(session, forecast);
    List<MigrateReport.Line> lines = new ArrayList<>();
    for (AppliedMigration row : rows) {
      forecast
          .pending(row.script())
          .ifPresent(migration -> lines.add(line(migration, row.executionMillis())));
    }
    List<String> problems = new ArrayList<>(done.compared().problems());
    List<String> notes = new ArrayList<>(done.compared().notes());
    done.applying()
        .ofOthers(rows)
        .forEach(row -> notes.add("another Flyway applied meanwhile: " + row.script()));
    if (lines.size() < forecast.pending().size()) {
      problems.add(
          "Flyway applied %d of %d migrations".formatted(lines.size(), forecast.pending().size()));
    }
    return new MigrateReport(
        run.target().toString(),
        request.app().name(),
        false,
        lines,
        forecast.state().history().currentVersion(),
        HistoryQueries.read(session, request.app()).currentVersion(),
        done.backup().orElse(null),
        done.exports(),
        done.undos().stored(),
        done.applying().retries(),
        done.applying().guard().longestWaitMillis(),
        done.monitored().orElse(null),
        done.watched().orElse(null),
        phases.done(),
        problems,
        notes,
        wayBack(!lines.isEmpty(), done.backup()));
  }

  private MigrateReport.Line line(Migration migration, long millis) {
    return new MigrateReport.Line(
        migration.name(),
        forecast.of(migration).map(PendingRisk::shownLevel).orElse("unknown"),
        millis);
  }

  /** By the undo scripts, where each has one and there was a version before; else the backup. */
  private @Nullable String wayBack(boolean applied, Optional<String> backup) {
    String from = forecast.state().history().currentVersion();
    boolean scripts =
        from != null
            && forecast.pending().stream()
                .allMatch(each -> each.version() == null || each.undo() != null);
    if (scripts && applied) {
      return ShellWords.join(
          List.of("belay", "rollback-migration", request.app().name(), "--to", from));
    }
    return backup.map(id -> "belay backup-restore " + id).orElse(null);
  }
}
