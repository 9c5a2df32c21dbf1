package dev.belay.restore;

import dev.belay.core.Failure;
import java.time.Duration;
import java.util.Optional;

/**
 * What the operator asked for.
 *
 * @param backup an id, a path or {@code latest}
 * @param newName of the new database; given exactly when the strategy makes one
 * @param jobs parallel sessions
 * @param stallTimeout a restore without progress for so long is ended
 * @param discardReplaced drop the replaced database after success; not with writes that are looked
 *     for, of which a part may be there only
 * @param fromOtherDatabase the backup may be of another database or server
 * @param verify compare rows and fingerprints before going live
 * @param writes what becomes of the rows that were written since the backup
 */
record RestoreRequest(
    String backup,
    Strategy strategy,
    Optional<String> newName,
    int jobs,
    Duration stallTimeout,
    boolean discardReplaced,
    boolean fromOtherDatabase,
    boolean verify,
    Writes writes) {
  RestoreRequest {
    if (strategy == Strategy.NEW_DATABASE && newName.isEmpty()) {
      throw Failure.usage(
          "the strategy new-database needs a name", "name the database with --new-name");
    }
    if (strategy != Strategy.NEW_DATABASE && newName.isPresent()) {
      throw Failure.usage(
          "--new-name is for the strategy new-database only", "add --strategy new-database");
    }
    if (strategy != Strategy.SWAP && discardReplaced) {
      throw Failure.usage(
          "--discard-replaced is for the strategy swap only", "leave --discard-replaced out");
    }
    if (discardReplaced && !verify) {
      throw Failure.usage(
          "--discard-replaced would drop the live database for one that --no-verify leaves unproven",
          "leave --no-verify out, or discard later with: belay discard-replaced");
    }
    if (discardReplaced && writes.looked()) {
      throw Failure.usage(
          "--discard-replaced would drop what --expect-writes, --carry-new-rows or --leave-writes"
              + " leave in the replaced database, before anybody has looked at it",
          "leave --discard-replaced out, and when nothing there is needed: belay discard-replaced");
    }
    if (strategy != Strategy.SWAP && writes.looked()) {
      throw Failure.usage(
          "--expect-writes and --carry-new-rows are for the strategy swap only",
          "leave them out, or leave --strategy out");
    }
  }
}
