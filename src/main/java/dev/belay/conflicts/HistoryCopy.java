package dev.belay.conflicts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A history table as it was at one moment, and where it was.
 *
 * @param form of the file, {@value #FORM}
 * @param takenAt when it was read
 * @param before what was about to be done, in words
 * @param run the run that was about to do it
 * @param server the identifier of the server; null where this role may not ask
 * @param database the name of the database
 * @param databaseNumber the number of the database; a restored one has another
 * @param app the app whose history it is
 */
record HistoryCopy(
    int form,
    Instant takenAt,
    String before,
    String run,
    @Nullable String server,
    String database,
    long databaseNumber,
    String app,
    String schema,
    String table,
    HistoryContent content) {
  /** The form that this program writes. */
  static final int FORM = 1;
}
