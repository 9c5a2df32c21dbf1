package dev.belay.recovery;

import java.util.Optional;
import java.util.OptionalLong;

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
    OptionalLong acceptedLoss,
    int jobs) {}
