package dev.belay.integrity;

import dev.belay.core.Cleanup;
import dev.belay.core.Fingerprint;
import dev.belay.postgres.Database;
import java.util.Optional;

/**
 * The large objects of a database.
 *
 * @param count how many there are, empty ones included
 * @param content one fingerprint of them all: {@code rows} counts their pages that are not all
 *     zero. None when the role may not read {@code pg_largeobject}
 */
public record LargeObjects(long count, Optional<Fingerprint> content) {
  /** How many there are now. */
  public static long count(Database session) {
    return LargeObjectQueries.count(session);
  }

  /**
   * Reads all of them. It is the same before a dump and after its restore, which writes pages anew
   * and fills holes with zeros; number, length and every byte of an object count.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the session is lost
   */
  public static LargeObjects of(Database session) {
    Cleanup.Pending stop = Cleanup.register(session::cancel);
    try {
      return LargeObjectQueries.read(session);
    } finally {
      stop.cancel();
    }
  }
}
