package dev.belay.scratch;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of a migration that was applied to a database with data. It was applied, or it
 * failed, or Flyway passed it over, and then neither is there.
 *
 * @param recorded what it did; null when it was not applied
 * @param failure why it failed; null when it did not
 * @param statements the first 500 of its statements
 * @param locks the strongest on each table, where it ran in a transaction
 * @param written tables that it may have written; complete only with {@code knowsWritten}
 * @param knowsWritten whether no other table can have been written
 * @param took from its first statement to its commit
 */
public record StepOnData(
    @Nullable RecordedMigration recorded,
    @Nullable Failure failure,
    List<TimedStatement> statements,
    List<HeldLock> locks,
    Set<TableName> written,
    boolean knowsWritten,
    Duration took) {
  public StepOnData {
    statements = List.copyOf(statements);
    locks = List.copyOf(locks);
    written = Set.copyOf(written);
  }
}
