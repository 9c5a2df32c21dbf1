package dev.belay.rollback;

import dev.belay.cli.Consent;
import dev.belay.cli.Plan;
import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.flyway.AfterUndo;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.HistoryRecord;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import dev.belay.flyway.MigrationState;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.ledger.UndoneEntry;
import dev.belay.ledger.UndoneLog;
import dev.belay.postgres.Database;
import dev.belay.postgres.LockLadder;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Takes the hold of a migration away, so that the next start applies it again. */
final class Reopening {
  private static final int TRIES = 6;

  private final GuardedRun run;
  private final String version;

  /**
   * @param version of this program
   */
  Reopening(GuardedRun run, String version) {
    this.run = run;
    this.version = version;
  }

  /**
   * Reopens.
   *
   * @throws Failure USAGE when there is no such migration; REFUSED when it is not held
   */
  Report run(UndoRequest request, boolean dryRun, Consent consent) {
    AppSettings app = run.settings().app(request.app());
    try (Database session = run.databases().open(run.target())) {
      AppState state = AppState.read(session, app);
      Migration held = held(state, request.migration());
      AppliedMigration row = Recording.applied(held);
      List<AppliedMigration> vanished = HeldBack.with(session, state, held);
      List<String> nextStart = nextStart(state, held, vanished);
      List<String> steps = new ArrayList<>();
      steps.add(
          "take its hold away in %s, and record it as deleted"
              .formatted(HistoryLock.table(app).plain()));
      vanished.forEach(
          each ->
              steps.add(
                  "record %s as deleted, whose objects went with it".formatted(each.script())));
      Plan plan =
          new Plan(
              "reopen %s of app %s in %s".formatted(held.name(), app.name(), run.target()),
              steps,
              Stream.concat(
                      Stream.of(
                          "nothing else is changed: it stays undone until the next start of an application that has it"),
                      nextStart.stream())
                  .toList(),
              AfterUndo.stopping(state, List.of(held), false),
              run.live());
      if (!consent.given(plan)) {
        return new ReopenedReport(
            run.target().toString(), app.name(), held.name(), true, 0, nextStart);
      }
      if (!dryRun) {
        run.recover();
      }
      AppliedMigration written;
      try (OperationLock lock = run.lock();
          Journal journal = run.journal()) {
        lock.check();
        journal.step("reopening", Map.of("migration", held.name()));
        written =
            new LockLadder(
                    run.databases(),
                    run.settings().lockTimeout(),
                    TRIES,
                    new InTheWay(run, false)::blocked)
                .transaction(
                    session, "reopening " + held.name(), () -> reopen(session, app, row, vanished));
        journal.end("ok");
      }
      return new ReopenedReport(
          run.target().toString(),
          app.name(),
          held.name(),
          false,
          written.installedRank(),
          nextStart);
    }
  }

  private static List<String> nextStart(
      AppState state, Migration held, List<AppliedMigration> vanished) {
    List<Migration> gone = new ArrayList<>();
    gone.add(held);
    state.migrations().stream()
        .filter(each -> each.applied() != null && vanished.contains(each.applied()))
        .forEach(gone::add);
    return AfterUndo.words(state, gone, false);
  }

  private AppliedMigration reopen(
      Database session, AppSettings app, AppliedMigration row, List<AppliedMigration> vanished) {
    HistoryLock.take(session, app);
    String user = RollbackQueries.user(session);
    AppliedMigration written = HistoryRecord.reopen(session, app, row, user, 0);
    List<UndoneEntry> entries = new ArrayList<>();
    entries.add(entry(app, row, written));
    for (AppliedMigration each : vanished) {
      entries.add(entry(app, each, HistoryRecord.reopen(session, app, each, user, 0)));
    }
    if (RollbackQueries.ledgerCanBeWritten(session)) {
      new UndoneLog(HistoryLock.table(app)).add(session, entries, version);
    }
    return written;
  }

  private UndoneEntry entry(AppSettings app, AppliedMigration row, AppliedMigration written) {
    return new UndoneEntry(
        app.name(),
        row.number(),
        row.description(),
        row.installedRank(),
        row.script(),
        "reopened",
        Optional.empty(),
        UndoneEntry.RecordedAs.REOPEN,
        written.installedRank(),
        0,
        Optional.empty(),
        List.of(),
        run.run().text());
  }

  private static Migration held(AppState state, String name) {
    Migration found = MigrationNames.find(state, name);
    if (found.state() != MigrationState.HELD) {
      throw Failure.refused(
          "%s is not held".formatted(found.name()), "see the state with: belay list-migrations");
    }
    return found;
  }

  /** The answer. */
  record ReopenedReport(
      String database,
      String app,
      String migration,
      boolean dryRun,
      int recordRank,
      List<String> nextStart)
      implements Report {
    @Override
    public ExitCode exitCode() {
      return ExitCode.OK;
    }

    @Override
    public boolean databaseChanged() {
      return !dryRun;
    }

    @Override
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add(
          dryRun
              ? "Nothing was changed in " + database
              : "Reopened %s of app %s in %s, row %d"
                  .formatted(migration, app, database, recordRank));
      nextStart.forEach(words -> lines.add("  next start " + words));
      return lines;
    }
  }
}
