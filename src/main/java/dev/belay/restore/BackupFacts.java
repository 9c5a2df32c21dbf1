package dev.belay.restore;

import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.SavedProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a restore needs to know of a backup before it touches anything.
 *
 * @param takenAt the moment that it shows
 * @param database the database that it is of
 * @param systemIdentifier of the server that it is of, where that was known
 * @param serverVersion of that server, such as 150018
 * @param complete false: it holds only a part and is no point to go back to
 * @param owner of the database
 * @param databaseBytes size of the database when it was taken
 * @param rows by table, as {@code schema.table}
 * @param roles that own or are granted something in it
 * @param extensions with their versions
 * @param migrations by app, the scripts in force in it, in the order of their application
 * @param readable whether every byte of it was read through pg_restore once
 * @param measuredRestore how long its proof by a restore took, where there was one
 */
record BackupFacts(
    String id,
    Instant takenAt,
    String database,
    Optional<String> systemIdentifier,
    int serverVersion,
    boolean complete,
    String owner,
    DatabaseLocale locale,
    Optional<SavedProperties> properties,
    long databaseBytes,
    Map<String, Long> rows,
    Set<String> roles,
    Map<String, String> extensions,
    Map<String, List<String>> migrations,
    boolean readable,
    Optional<Duration> measuredRestore) {
  BackupFacts {
    rows = Map.copyOf(rows);
    roles = Set.copyOf(roles);
    extensions = Map.copyOf(extensions);
    migrations = Map.copyOf(migrations);
  }

  /** Whether it is known to be of another server than the one with that identifier. */
  boolean isOfAnotherServer(Optional<String> server) {
    return ServerInfo.differ(systemIdentifier, server);
  }
}
