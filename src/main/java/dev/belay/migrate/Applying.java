package dev.belay.migrate;

import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.FlywayEngine;
import dev.belay.flyway.LiveFlyway;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationListener;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.ScriptKind;
import dev.belay.journal.Journal;
import dev.belay.postgres.Database;
import dev.belay.postgres.WrittenTables;
import dev.belay.rollback.LossAccount;
import dev.belay.swap.GuardedRun;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets Flyway apply what is pending, with limited waits for locks, and refuses in each migration
 * what was not in the plan.
 */
final class Applying implements MigrationListener {
  /** Longer than any duration that people mean; PostgreSQL takes 0 for it. */
  private static final long NO_LIMIT = 0;

  private final GuardedRun run;
  private final MigrateRequest request;
  private final Forecast forecast;
  private final UndoKeeping undos;
  private final Journal journal;
  private final String hint;
  private final String hintOutside;
  private final LockGuard guard;
  private final LockRetries retries;
  private final LossRecount recount;
  private final Set<String> begun = new HashSet<>();

  /** The tables whose rows the applied migrations changed; empty: that is not known. */
  private Optional<Set<TableName>> written = Optional.of(Set.of());

  /** The migration that was running last, and did not go through; null: none. */
  private @Nullable String running;

  private boolean leavesNothing = true;

  /**
   * The migration that was begun last, where that was in no transaction; null: it was in one. Read
   * when a signal ends the program.
   */
  private volatile @Nullable String outside;

  /**
   * @param losses what migrations lose, by their scripts
   * @param hint what to do when this run is killed
   * @param hintOutside the same in a migration that runs in no transaction
   */
  Applying(
      GuardedRun run,
      MigrateRequest request,
      Forecast forecast,
      UndoKeeping undos,
      Map<String, LossAccount> losses,
      Journal journal,
      String hint,
      String hintOutside) {
    this.run = run;
    this.request = request;
    this.forecast = forecast;
    this.undos = undos;
    this.journal = journal;
    this.hint = hint;
    this.hintOutside = hintOutside;
    this.guard =
        new LockGuard(
            run.databases(),
            run.target(),
            request.zeroDowntime() ? Optional.of(request.maxLock()) : Optional.empty(),
            request.lockTimeout(),
            run.progress());
    this.retries = new LockRetries(request, forecast, guard, run.progress());
    this.recount = new LossRecount(forecast, request.acceptedLoss(), losses);
  }

  /** The tables whose rows this run changed, by triggers too; empty: that is not known. */
  Optional<Set<TableName>> written() {
    return written;
  }

  /** Whether nothing stays of all that began and is not in the history: they were transactions. */
  boolean leavesNothing() {
    return leavesNothing;
  }

  /**
   * The script that was begun last, if it runs in no transaction: without a row in Flyway's table
   * it may be done all the same, or half of it.
   */
  Optional<String> outside() {
    return Optional.ofNullable(outside);
  }

  /** How often migrations were begun again. */
  int retries() {
    return retries.count();
  }

  LockGuard guard() {
    return guard;
  }

  /**
   * Applies.
   *
   * @throws Failure when a migration fails, or a lock is not to be had; what was applied before is
   *     then in the history
   */
  void run(LiveFlyway flyway) {
    guard.start();
    try {
      for (int passes = 0; ; passes++) {
        refuseEnding();
        try {
          flyway.migrate(this);
          return;
        } catch (Failure failure) {
          boolean goesOn =
              FlywayEngine.lostItsLock(failure) && running == null && passes < mostPasses();
          if (!goesOn) {
            retries.await(failure, running);
          }
        }
      }
    } finally {
      guard.close();
    }
  }

  /** A migration that lets Flyway's lock go ends Flyway, and the next one begins after it. */
  private int mostPasses() {
    return forecast.pending().size() * (request.tries() + 1);
  }

  @Override
  public void begins(String script, @Nullable Integer checksum, Database session) {
    refuseEnding();
    running = script;
    refuseOther(script, checksum);
    begun.add(script);
    boolean inTransaction = session.isInTransaction();
    // A rollback, or a migration before it, may have taken the setting away. What keeps nobody
    // waiting may wait itself: CREATE INDEX CONCURRENTLY that gives up leaves an invalid index.
    if (inTransaction || !forecast.stopsNobody(script)) {
      limit(session, inTransaction);
    } else {
      MigrateQueries.lockTimeout(session, NO_LIMIT, false);
    }
    boolean whole = inTransaction && forecast.isTransactional(script);
    guard.begins(session, whole);
    if (!whole) {
      // Before it is on record as begun: of what is refused here not one statement ran.
      recount.refuse(script, session, inTransaction);
      leavesNothing = false;
      written = Optional.empty();
    }
    outside = whole ? null : script;
    journal.step(
        "applying",
        whole
            ? Map.of("migration", script, Journal.HINT, hint, Journal.OUTSIDE, "")
            : Map.of(
                "migration",
                script,
                Journal.HINT,
                hintOutside,
                Journal.APP,
                request.app().name(),
                Journal.OUTSIDE,
                script,
                Journal.AFTER_RANK,
                String.valueOf(NewRows.last(forecast))));
    run.progress().step("applying " + forecast.pending(script).map(Migration::name).orElse(script));
    if (whole) {
      recount.refuse(script, session, true);
    }
    FailPoint.reached("migrate-applying");
  }

  private void limit(Database session, boolean inTransaction) {
    MigrateQueries.lockTimeout(
        session, Math.max(1, request.lockTimeout().toMillis()), inTransaction);
  }

  /** Somebody put a script there after the plan was agreed to. */
  private void refuseOther(String script, @Nullable Integer checksum) {
    Optional<Migration> planned = forecast.pending(script);
    if (planned.isEmpty()) {
      throw Failure.refused(
          script + " was not in the plan: it came after the plan was made",
          "look at the new plan: run the same command again");
    }
    // The checksum of a repeatable one may depend on the moment, by its placeholders.
    MigrationScript known = planned.get().script();
    if (known != null
        && known.kind() == ScriptKind.VERSIONED
        && checksum != null
        && known.checksum() != null
        && !known.hasChecksum(checksum)) {
      throw Failure.refused(
          script + " is not the one of the plan: it was changed after the plan was made",
          "look at the new plan: run the same command again");
    }
  }

  /** What was said to be rolled back when the program was ended is not begun again. */
  private static void refuseEnding() {
    if (Cleanup.interrupted()) {
      throw Failure.failed("belay is being ended", "run the same command again");
    }
  }

  @Override
  public void applied(String script, Database session) {
    if (!session.isInTransaction()) {
      // What the app does after each migration waits no longer than the migration may.
      limit(session, false);
    }
    written = WrittenTables.both(written, WrittenTables.of(session));
    undos.applied(session, script);
    FailPoint.reached("migrate-applied");
    guard.ended();
    running = null;
  }

  @Override
  public void failed(String script) {
    guard.ended();
  }

  /** Whether the rows of Flyway's table tell how the one ended that ran in no transaction. */
  boolean isOutsideIn(List<AppliedMigration> rows) {
    return outside != null && rows.stream().anyMatch(row -> row.script().equals(outside));
  }

  /** Those of the new rows of Flyway's table that another Flyway made. */
  List<AppliedMigration> ofOthers(List<AppliedMigration> rows) {
    return NewRows.ofOthers(rows, begun);
  }
}
