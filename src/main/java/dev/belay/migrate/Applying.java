package dev.belay.migrate;

import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.FlywayEngine;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.LiveFlyway;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationListener;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.ScriptKind;
import dev.belay.journal.Journal;
import dev.belay.postgres.Blocker;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.postgres.WrittenTables;
import dev.belay.rollback.LossAccount;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLoss;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets Flyway apply what is pending, with limited waits for locks: a migration that was rolled back
 * because a lock was not given is tried again, after longer and longer pauses. One that is no
 * transaction never is.
 */
final class Applying implements MigrationListener {
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  /** One that keeps others waiting does so again with each try. */
  private static final int MOST_CANCELS = 3;

  /** Longer than any duration that people mean; PostgreSQL takes 0 for it. */
  private static final long NO_LIMIT = 0;

  /** Rows that Flyway makes when it meets a database for the first time. */
  private static final Set<String> OF_FLYWAY_ITSELF = Set.of("SCHEMA", "BASELINE");

  private final GuardedRun run;
  private final MigrateRequest request;
  private final Forecast forecast;
  private final UndoKeeping undos;
  private final Map<String, LossAccount> losses;
  private final Journal journal;
  private final String hint;
  private final String hintOutside;
  private final LockGuard guard;
  private final Map<String, Integer> tries = new HashMap<>();

  /** How much more each migration loses than was planned. */
  private final Map<String, Long> grown = new HashMap<>();

  private final Set<String> begun = new HashSet<>();

  /** The tables whose rows the applied migrations changed; empty: that is not known. */
  private Optional<Set<TableName>> written = Optional.of(Set.of());

  private @Nullable String running;
  private int statement;
  private int retries;
  private boolean leavesNothing = true;

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
    this.losses = Map.copyOf(losses);
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
  }

  /** The migration that was running last, and did not go through; empty: none. */
  Optional<String> running() {
    return Optional.ofNullable(running);
  }

  /** The statement that it was at, from 1; 0 before the first. */
  int statement() {
    return statement;
  }

  /** The tables whose rows this run changed, by triggers too; empty: that is not known. */
  Optional<Set<TableName>> written() {
    return written;
  }

  /** Whether nothing stays of all that began and is not in the history: they were transactions. */
  boolean leavesNothing() {
    return leavesNothing;
  }

  /** How often migrations were begun again. */
  int retries() {
    return retries;
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
            again(failure);
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

  /** Waits before the next try, or gives up. */
  private void again(Failure failure) {
    Optional<String> cancelled =
        SqlState.QUERY_CANCELED.isOf(failure) ? guard.cancelled() : Optional.empty();
    boolean lock =
        SqlState.LOCK_NOT_AVAILABLE.isOf(failure) || SqlState.DEADLOCK_DETECTED.isOf(failure);
    String script = running;
    boolean may =
        (lock || cancelled.isPresent())
            && script != null
            && forecast.isTransactional(script)
            && !Cleanup.interrupted();
    if (!may || script == null) {
      throw cancelled.map(why -> tooLong(why).causedBy(failure)).orElse(failure);
    }
    int tried = tries.merge(script, 1, Integer::sum);
    String name = forecast.pending(script).map(Migration::name).orElse(script);
    if (cancelled.isPresent() && tried >= Math.min(MOST_CANCELS, request.tries())) {
      throw tooLong(cancelled.get()).about(name).causedBy(failure);
    }
    List<Blocker> inTheWay = guard.inTheWay();
    if (tried >= request.tries()) {
      throw notGiven(name, inTheWay).causedBy(failure);
    }
    retries++;
    run.progress()
        .warn(
            "%s was rolled back and is tried again (try %d of %d): %s"
                .formatted(
                    name,
                    tried + 1,
                    request.tries(),
                    cancelled.orElseGet(
                        () -> "a lock was not given; in the way: " + who(inTheWay))));
    pause(tried);
  }

  private static String who(List<Blocker> inTheWay) {
    return inTheWay.isEmpty()
        ? "a session that is done by now"
        : inTheWay.stream().map(Blocker::wordsWithQuery).collect(Collectors.joining("; "));
  }

  private Failure notGiven(String name, List<Blocker> inTheWay) {
    return Failure.failed(
        "%s: a lock was not given in %s of %s each; in the way: %s"
            .formatted(
                name,
                Units.count(request.tries(), "try", "tries"),
                Units.duration(request.lockTimeout()),
                who(inTheWay)),
        inTheWay.isEmpty()
            ? "run the same command again"
            : "wait for it, or end it with: psql -c 'select pg_terminate_backend(%d)'"
                .formatted(inTheWay.get(0).pid()));
  }

  private Failure tooLong(String why) {
    return Failure.failed(
        "it was cancelled, since %s, longer than --max-lock %s"
            .formatted(why, Units.duration(request.maxLock())),
        "make smaller steps of it, or run it without --zero-downtime when nobody works");
  }

  /** Doubling, and half of it by chance, so that two who wait do not meet again. */
  private static void pause(int tried) {
    long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(tried - 1, 10));
    try {
      Thread.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.failed("interrupted while waiting for a lock", "run the same command again");
    }
  }

  @Override
  public void begins(String script, @Nullable Integer checksum, Database session) {
    refuseEnding();
    running = script;
    statement = 0;
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
    if (!whole) {
      leavesNothing = false;
      written = Optional.empty();
    }
    journal.step(
        "applying",
        whole
            ? Map.of("migration", script, Journal.HINT, hint)
            : Map.of("migration", script, Journal.HINT, hintOutside, Journal.OUTSIDE, script));
    run.progress().step("applying " + forecast.pending(script).map(Migration::name).orElse(script));
    guard.begins(session, whole);
    refuseLoss(script, session, inTransaction);
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

  /** Whether this run has begun it, so that what the history says of it is this run's doing. */
  boolean hasBegun(String script) {
    return begun.contains(script);
  }

  /**
   * What is lost is counted again where nobody can write any more, and what came since is kept.
   * Outside a transaction no lock would last, so that it is counted only.
   */
  private void refuseLoss(String script, Database session, boolean inTransaction) {
    LossAccount account = losses.get(script);
    Migration migration = forecast.pending(script).orElse(null);
    if (account == null || migration == null) {
      return;
    }
    account.begin();
    if (inTransaction) {
      account.lock(session);
    }
    List<UndoLoss> counted = account.counted(session);
    long rows = sum(counted);
    long more = rows - sum(forecast.losses(migration));
    grown.remove(script);
    long all = forecast.rowsLost() + sum(grown.values()) + more;
    if (more > 0 && all > request.acceptedLoss().orElse(0)) {
      throw Failure.refused(
          "more would be lost by now than was accepted: " + LossAccount.words(counted),
          "when they may go, run the same command again with --accept-loss " + all);
    }
    grown.put(script, Math.max(0, more));
    if (counted.stream().anyMatch(loss -> isFilled(loss, forecast.emptyLosses(migration)))) {
      account.export(session);
    }
    account.exportLatecomers(session);
  }

  /** What was empty when the plan was made, and so exported by nobody, and is not any more. */
  private static boolean isFilled(UndoLoss loss, List<UndoLoss> empty) {
    return loss.rows() > 0
        && empty.stream()
            .anyMatch(
                each ->
                    each.table().equals(loss.table())
                        && each.kind() == loss.kind()
                        && each.column().equals(loss.column()));
  }

  private static long sum(List<UndoLoss> losses) {
    return losses.stream().mapToLong(UndoLoss::rows).sum();
  }

  private static long sum(Collection<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void statement(String script, int number) {
    statement = number;
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

  /** The new rows of the history that another Flyway made. */
  List<AppliedMigration> ofOthers(List<AppliedMigration> rows) {
    return rows.stream()
        .filter(row -> !OF_FLYWAY_ITSELF.contains(row.type()) && !hasBegun(row.script()))
        .toList();
  }

  /** The new rows of the history; those of failed migrations too. */
  static List<AppliedMigration> newRows(Database session, Forecast forecast) {
    int last =
        forecast.state().history().rows().stream()
            .mapToInt(AppliedMigration::installedRank)
            .max()
            .orElse(-1);
    return HistoryQueries.read(session, forecast.state().app()).rows().stream()
        .filter(row -> row.installedRank() > last)
        .toList();
  }
}
