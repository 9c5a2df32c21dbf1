package dev.belay.dataset;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.List;

/**
 * What of a database can be exported, and what cannot.
 *
 * @param tables sorted by name; partitions are parts of theirs, and not listed
 * @param withoutRows views, materialized views and foreign tables, sorted by name
 */
public record LiveTables(List<LiveTable> tables, List<TableName> withoutRows) {
  public LiveTables {
    tables = List.copyOf(tables);
    withoutRows = List.copyOf(withoutRows);
  }

  /**
   * Reads the catalogue.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the session is lost
   */
  public static LiveTables of(Database session) {
    return LiveTableQueries.read(session);
  }
}
