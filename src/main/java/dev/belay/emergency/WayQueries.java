package dev.belay.emergency;

import dev.belay.config.AppSettings;
import dev.belay.core.TableName;
import dev.belay.ledger.Ledger;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the server guesses of its tables. Reads only. */
final class WayQueries {
  /** What was never analyzed has no number of the planner, but what was written is counted. */
  private static final String ROWS =
      """
      select n.nspname, c.relname,
             case when c.reltuples < 0
                  then pg_catalog.pg_stat_get_live_tuples(c.oid)
                  else greatest(c.reltuples::bigint, pg_catalog.pg_stat_get_live_tuples(c.oid)) end
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r'
         and c.relpersistence <> 't'
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname <> 'information_schema'
      """;

  private WayQueries() {}

  /** Rows of each table, without what migrations and Belay write down for themselves. */
  static Map<TableName, Long> rows(Database session, List<AppSettings> apps) {
    Map<TableName, Long> rows = new TreeMap<>();
    session
        .list(
            ROWS,
            row -> Map.entry(new TableName(row.getString(1), row.getString(2)), row.getLong(3)))
        .forEach(each -> rows.put(each.getKey(), each.getValue()));
    rows.keySet()
        .removeIf(
            table ->
                table.schema().equals(Ledger.SCHEMA)
                    || apps.stream()
                        .map(app -> new TableName(app.historySchema(), app.historyTable()))
                        .anyMatch(table::equals));
    return rows;
  }
}
