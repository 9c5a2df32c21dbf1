package dev.belay.undo;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what tables there are, and which rows of them the open transaction has touched. */
final class EffectQueries {
  /** Without those that are Belay's own, temporary, or made by an extension's script. */
  private static final String TABLES =
      """
      select c.oid::bigint, n.nspname, c.relname, c.relispartition,
             coalesce((select r.relid
                         from pg_catalog.pg_partition_ancestors(c.oid) r
                         join pg_catalog.pg_class p on p.oid = r.relid
                        where not p.relispartition), c.oid)::bigint,
             c.relfilenode::bigint
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p')
         and c.relpersistence <> 't'
         and c.oid >= 16384
         and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'belay')
       order by n.nspname, c.relname
      """;

  private static final String COLUMNS =
      """
      select a.attrelid::bigint, a.attnum::int, a.attname
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
       where c.relkind in ('r', 'p') and not c.relispartition
         and c.oid >= 16384
         and a.attnum > 0 and not a.attisdropped
         and coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') = ''
       order by 1, 2
      """;

  private static final String TOUCHED =
      """
      select c.oid::bigint,
             pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
               + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
        from pg_catalog.pg_class c
       where c.oid >= 16384 and c.relkind in ('r', 'f')
         and (pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) > 0
              or pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) > 0)
      """;

  private EffectQueries() {}

  /** A column; one that is dropped leaves its number to nobody. */
  record Column(int number, String name) {}

  /**
   * A table.
   *
   * @param root the number of the partitioned table that it is a part of, or its own
   * @param file the number of the file of its rows; 0 where it has none itself
   */
  record Table(TableName name, boolean isPartition, long root, long file, List<Column> columns) {}

  static Map<Long, Table> tables(Database session) {
    Map<Long, List<Column>> columns = new HashMap<>();
    session.list(
        COLUMNS,
        row ->
            columns
                .computeIfAbsent(row.getLong(1), none -> new ArrayList<>())
                .add(new Column(row.getInt(2), row.getString(3))));
    Map<Long, Table> tables = new LinkedHashMap<>();
    session.list(
        TABLES,
        row ->
            tables.put(
                    row.getLong(1),
                    new Table(
                        new TableName(row.getString(2), row.getString(3)),
                        row.getBoolean(4),
                        row.getLong(5),
                        row.getLong(6),
                        columns.getOrDefault(row.getLong(1), List.of())))
                == null);
    return tables;
  }

  /** By table, how many rows this transaction has removed or overwritten so far. */
  static Map<Long, Long> touched(Database session) {
    Map<Long, Long> touched = new HashMap<>();
    session.list(TOUCHED, row -> touched.put(row.getLong(1), row.getLong(2)) == null);
    return touched;
  }

  static boolean isEmpty(Database session, TableName table) {
    return session.test("select not exists (select from " + table + ")");
  }
}
