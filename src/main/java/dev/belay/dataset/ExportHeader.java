package dev.belay.dataset;

import dev.belay.flyway.MigrationHistory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an export says of itself, at its beginning under the key {@value #KEY}, which no app can be
 * called. Fields are only ever added; one that is added later is an Optional.
 *
 * @param format version of this format
 * @param form json or ndjson
 * @param belay the version of Belay that made it
 * @param takenAt the moment that it shows: when its snapshot was taken
 * @param database the name of the database
 * @param target the database with its server, as reports call it
 * @param server the server's version, as the server writes it
 * @param systemIdentifier of the server, where it could be read
 * @param encoding of the database; the file is always UTF-8
 * @param migrations Flyway's history of each app, from the same snapshot
 * @param tables in the order in which they are in the file
 */
public record ExportHeader(
    int format,
    ExportForm form,
    String belay,
    Instant takenAt,
    String database,
    String target,
    String server,
    Optional<String> systemIdentifier,
    String encoding,
    List<MigrationHistory> migrations,
    List<ExportedTable> tables) {
  /** The version of the format that this Belay writes, and the newest that it reads. */
  public static final int VERSION = 1;

  /** The first key of every export. */
  public static final String KEY = "$belay";

  public ExportHeader {
    migrations = List.copyOf(migrations);
    tables = List.copyOf(tables);
  }
}
