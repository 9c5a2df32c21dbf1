package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.flyway.Migration;
import dev.belay.scratch.HeldLock;
import dev.belay.scratch.LockMode;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.StepOnData;
import dev.belay.scratch.TimedStatement;
import java.util.List;
import java.util.Optional;

/**
 * One script that was run on the copy.
 *
 * @param script its file name
 * @param from where it came from: {@code file}, {@code ledger} or {@code generated}
 * @param inTransaction whether it ran in one transaction
 * @param millis from its first statement to its commit
 * @param statements the first 500, in their order
 * @param locks the strongest on each table that was there before, where it ran in a transaction
 * @param rewritten tables of which every row was written anew
 * @param dropped tables and columns that it dropped
 * @param emptied tables that it truncated
 * @param rows rows that it changed, by table
 * @param destroyed what of the data it destroyed, in words; of undo scripts
 * @param error why it failed
 * @param probe what worked beside it felt; empty without {@code --concurrent}
 */
public record Passage(
    String script,
    String from,
    boolean inTransaction,
    long millis,
    List<TimedStatement> statements,
    List<Lock> locks,
    List<String> rewritten,
    List<String> dropped,
    List<String> emptied,
    List<Rows> rows,
    List<String> destroyed,
    Optional<String> error,
    Optional<ProbeFigures> probe) {
  public Passage {
    statements = List.copyOf(statements);
    locks = List.copyOf(locks);
    rewritten = List.copyOf(rewritten);
    dropped = List.copyOf(dropped);
    emptied = List.copyOf(emptied);
    rows = List.copyOf(rows);
    destroyed = List.copyOf(destroyed);
  }

  /** What a migration did there. */
  static Passage of(Migration migration, StepOnData step, Optional<ProbeFigures> probe) {
    Optional<RecordedMigration> recorded = Optional.ofNullable(step.recorded());
    return new Passage(
        migration.name(),
        "file",
        step.knowsWritten(),
        step.took().toMillis(),
        step.statements(),
        locks(step, recorded),
        words(recorded.map(RecordedMigration::rewritten).orElse(List.of())),
        words(
            recorded.map(RecordedMigration::dropped).orElse(List.of()).stream()
                .filter(object -> object.type().startsWith("table"))
                .toList()),
        words(recorded.map(RecordedMigration::emptied).orElse(List.of())),
        recorded.map(RecordedMigration::rows).orElse(List.of()).stream()
            .map(
                rows ->
                    new Rows(
                        rows.relation().identity(),
                        rows.inserted(),
                        rows.updated(),
                        rows.deleted()))
            .toList(),
        List.of(),
        Optional.ofNullable(step.failure()).map(Failure::message),
        probe);
  }

  /** Without a transaction nobody knows how long; that is said by a time below zero. */
  private static List<Lock> locks(StepOnData step, Optional<RecordedMigration> recorded) {
    if (step.knowsWritten()) {
      return step.locks().stream().map(Lock::of).toList();
    }
    return recorded.map(RecordedMigration::locks).orElse(List.of()).stream()
        .filter(lock -> lock.relation().isTable() && !lock.strongest().isOfRows())
        .map(
            lock ->
                new Lock(
                    lock.relation().identity(),
                    lock.strongest().word(),
                    Lock.stops(lock.strongest()),
                    -1))
        .toList();
  }

  private static List<String> words(List<RecordedObject> objects) {
    return objects.stream().map(RecordedObject::words).toList();
  }

  /**
   * The same.
   *
   * @param felt what the probe felt meanwhile
   */
  Passage beside(Optional<ProbeFigures> felt) {
    return new Passage(
        script,
        from,
        inTransaction,
        millis,
        statements,
        locks,
        rewritten,
        dropped,
        emptied,
        rows,
        destroyed,
        error,
        felt);
  }

  /**
   * A lock.
   *
   * @param mode as in SQL, such as {@code ACCESS EXCLUSIVE}
   * @param stops {@code reads and writes}, {@code writes} or {@code neither}
   * @param millis from the begin of the statement that took it to the commit
   */
  public record Lock(String table, String mode, String stops, long millis) {
    static Lock of(HeldLock held) {
      return new Lock(held.table().plain(), held.mode().word(), stops(held.mode()), held.millis());
    }

    private static String stops(LockMode mode) {
      return mode.stopsReads() ? "reads and writes" : mode.stopsWrites() ? "writes" : "neither";
    }
  }

  /** Rows that were changed in a table. */
  public record Rows(String table, long inserted, long updated, long deleted) {}
}
