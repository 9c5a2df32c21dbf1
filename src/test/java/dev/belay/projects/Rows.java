package dev.belay.projects;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers of queries, and rows counted. */
final class Rows {
  /** What this transaction did to each table, by the server's own count. */
  private static final String CHANGES =
      """
      select 'pg_class:' || relid as key, n_tup_ins, n_tup_upd, n_tup_del
        from pg_stat_xact_all_tables
       where schemaname !~ '^pg_' and schemaname <> 'information_schema'
      """;

  private static final String TABLES =
      """
      select 'pg_class:' || c.oid as key, format('%I.%I', n.nspname, c.relname) as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.oid >= 16384 and c.relkind = 'r' and n.nspname !~ '^pg_'
      """;

  /** Rows inserted, updated and deleted. */
  record Changes(long inserted, long updated, long deleted) {
    static final Changes NONE = new Changes(0, 0, 0);

    Changes since(Changes before) {
      return new Changes(
          inserted - before.inserted, updated - before.updated, deleted - before.deleted);
    }
  }

  private Rows() {}

  /** The first column of all rows as text. */
  static List<String> texts(ResultSet rows) throws SQLException {
    List<String> texts = new ArrayList<>();
    while (rows.next()) {
      texts.add(rows.getString(1));
    }
    return texts;
  }

  /**
   * Rows changed so far by table key, as far as the server has not yet put them into its totals.
   */
  static Map<String, Changes> changes(Connection connection) throws SQLException {
    Map<String, Changes> changes = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(CHANGES)) {
      while (rows.next()) {
        changes.put(
            rows.getString("key"),
            new Changes(
                rows.getLong("n_tup_ins"), rows.getLong("n_tup_upd"), rows.getLong("n_tup_del")));
      }
    }
    return changes;
  }

  /** The number of rows of every table, by its key. Locks them until the transaction ends. */
  static Map<String, Long> counts(Connection connection) throws SQLException {
    Map<String, Long> counts = new TreeMap<>();
    Map<String, String> names = new TreeMap<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery(TABLES)) {
        while (rows.next()) {
          names.put(rows.getString("key"), rows.getString("name"));
        }
      }
      for (Map.Entry<String, String> table : names.entrySet()) {
        try (ResultSet rows = statement.executeQuery("select count(*) from " + table.getValue())) {
          rows.next();
          counts.put(table.getKey(), rows.getLong(1));
        }
      }
    }
    return counts;
  }
}
