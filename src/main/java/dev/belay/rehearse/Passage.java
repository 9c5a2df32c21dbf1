package dev.belay.rehearse;

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

  /**
   * A lock.
   *
   * @param mode as in SQL, such as {@code ACCESS EXCLUSIVE}
   * @param stops {@code reads and writes}, {@code writes} or {@code neither}
   * @param millis from the begin of the statement that took it to the commit
   */
  public record Lock(String table, String mode, String stops, long millis) {}

  /** Rows that were changed in a table. */
  public record Rows(String table, long inserted, long updated, long deleted) {}
}
