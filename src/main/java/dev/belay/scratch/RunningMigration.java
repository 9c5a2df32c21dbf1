package dev.belay.scratch;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.scratch.TransactionQueries.RowCounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A migration while it runs: keeps it from what all databases of the server share, and gathers what
 * its transactions locked and changed, before each of them ends.
 */
final class RunningMigration {
  private final String script;
  private final boolean guarded;
  private final @Nullable LockObserver observer;
  private final long begunNanos = System.nanoTime();
  private final Map<Long, Set<LockMode>> locks = new HashMap<>();
  private final Map<Long, RowCounts> rows = new HashMap<>();
  private Map<Long, RowCounts> rowsBefore;
  private TransactionQueries.@Nullable Transaction mayEnd;
  private boolean ownTransaction;
  private boolean endedItself;

  /**
   * @param guarded whether what all databases of the server share must stay as it is
   * @param rowsBefore what the server's counters say before it begins
   * @param observer watches the locks of what runs outside a transaction; null: it runs in one
   */
  RunningMigration(
      String script,
      boolean guarded,
      Map<Long, RowCounts> rowsBefore,
      @Nullable LockObserver observer) {
    this.script = script;
    this.guarded = guarded;
    this.rowsBefore = rowsBefore;
    this.observer = observer;
  }

  /** Its script. */
  String script() {
    return script;
  }

  /** Whether Flyway runs it without a transaction. */
  boolean isOutside() {
    return observer != null;
  }

  /** Whether it ended the transaction in which Flyway runs it. */
  boolean endedItself() {
    return endedItself;
  }

  /** How long it has been running, in milliseconds. */
  long millis() {
    return (System.nanoTime() - begunNanos) / 1_000_000;
  }

  /** All that it locked, as far as it was seen. */
  Map<Long, Set<LockMode>> locks() {
    return locks;
  }

  /** Rows changed in its transactions. */
  Map<Long, RowCounts> rows() {
    return rows;
  }

  /**
   * Before a statement.
   *
   * @param tables those that are there
   * @throws Failure REFUSED when it, or what came before, reaches beyond the database
   */
  void statementBegins(Database session, String sql, Supplier<List<RecordedObject>> tables) {
    // What a transaction has locked already would be waited for, and it for nobody.
    boolean open = !session.commitsByItself() || TransactionQueries.isInTransaction(session);
    if (open) {
      if (StatementKind.mayEndTransaction(sql)) {
        mayEnd = looked(session);
      }
    } else if (StatementKind.isOfRows(sql)) {
      rowsBefore = TransactionQueries.rows(session);
      session.execute("begin");
      ownTransaction = true;
    } else if (guarded) {
      SharedObjects.probe(session, script, sql);
    }
    if (observer != null) {
      observer.statementBegins(open ? List.of() : tables.get());
    }
  }

  /**
   * After a statement.
   *
   * @throws Failure REFUSED when it reached beyond the database; then it is rolled back
   */
  void statementEnds(Database session) {
    TransactionQueries.Transaction before = mayEnd;
    mayEnd = null;
    if (before != null && !TransactionQueries.isOpen(session, before.number())) {
      merge(before);
      endedItself = true;
      rowsBefore = TransactionQueries.rows(session);
    }
    if (ownTransaction) {
      ownTransaction = false;
      try {
        merge(looked(session));
        session.execute("commit");
      } catch (Failure refused) {
        session.rollback();
        throw refused;
      }
    }
    if (observer != null) {
      observer.statementEnds();
    }
  }

  /** After a statement that failed. */
  void statementFails(Database session) {
    mayEnd = null;
    if (ownTransaction) {
      ownTransaction = false;
      session.rollback();
    }
    if (observer != null) {
      observer.statementEnds();
    }
  }

  /** What the open transaction did, unless that is refused. */
  TransactionQueries.Transaction looked(Database session) {
    TransactionQueries.Transaction done = TransactionQueries.transaction(session);
    if (guarded && done.wroteShared()) {
      SharedObjects.check(session, script);
    }
    return done;
  }

  /** Adds what a transaction did that is about to end. */
  void merge(TransactionQueries.Transaction done) {
    done.locks().forEach(this::addLocks);
    done.rows()
        .forEach(
            (table, counts) ->
                rows.merge(
                    table,
                    counts.minus(rowsBefore.getOrDefault(table, RowCounts.NONE)),
                    RowCounts::plus));
  }

  private void addLocks(Long relation, Set<LockMode> modes) {
    locks.computeIfAbsent(relation, none -> new TreeSet<>()).addAll(modes);
  }

  /** Watches no more. */
  void close() {
    if (observer != null) {
      observer.close();
      observer.seen().forEach(this::addLocks);
    }
  }
}
