package dev.belay.rehearse;

import dev.belay.archive.Manifest;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.util.Optional;

/**
 * What must be known of the live database before a copy is made of it, or of its backup.
 *
 * @param bytes its size
 * @param largestTable size of its largest table with its indexes, as far as its statistics say
 * @param server the system identifier of its server
 */
public record LiveFacts(long bytes, long largestTable, Optional<String> server) {
  /**
   * Asks, and waits for no lock.
   *
   * @param session with the live database
   */
  public static LiveFacts of(Database session) {
    return new LiveFacts(
        CopyQueries.bytes(session),
        CopyQueries.largestTableTold(session),
        ServerInfo.systemIdentifier(session));
  }

  /** Whether a backup is known to be of a database of another server, whatever its name. */
  boolean isElsewhere(Manifest manifest) {
    return ServerInfo.differ(server, manifest.server().systemIdentifier());
  }
}
