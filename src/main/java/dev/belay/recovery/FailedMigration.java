package dev.belay.recovery;

import dev.belay.core.TableName;
import dev.belay.postgres.WrittenTables;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A migration that failed.
 *
 * @param what was run, in words, such as {@code belay migrate billing} or {@code the command}
 * @param again the command that tries again, for whoever rolls forward
 * @param before the database as it was before it
 * @param backup the id of the backup that was made before it; empty: none was
 * @param others whether somebody else may have written since
 * @param rolledBack whether it is certain that what Flyway's tables do not show was rolled back, as
 *     when every migration of the run has a transaction
 * @param written the tables whose rows it may have changed, as the server counted in its own
 *     transactions; empty: that is not known, so it may be any
 * @param acceptedLoss the most rows and values that an undo may lose; empty: none
 * @param jobs parallel sessions of a restore
 */
public record FailedMigration(
    String what,
    String again,
    RecoveryPolicy policy,
    Before before,
    Optional<String> backup,
    Evidence others,
    boolean rolledBack,
    Optional<Set<TableName>> written,
    OptionalLong acceptedLoss,
    int jobs) {
  public FailedMigration {
    written = written.map(Set::copyOf);
  }

  /**
   * The same, after an undo changed rows too.
   *
   * @param tables empty: nobody knows of which
   */
  FailedMigration alsoWritten(Optional<Set<TableName>> tables) {
    return new FailedMigration(
        what,
        again,
        policy,
        before,
        backup,
        others,
        rolledBack,
        WrittenTables.both(written, tables),
        acceptedLoss,
        jobs);
  }
}
