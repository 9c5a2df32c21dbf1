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
      select a.attrelid::bigint, a.attnum::int, a.attname, a.xmin::text,
             a.atttypid::text || ' ' || a.atttypmod, pg_catalog.md5(pg_catalog.to_jsonb(a)::text)
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
       where c.relkind in ('r', 'p') and not c.relispartition
         and c.oid >= 16384
         and a.attnum > 0 and not a.attisdropped
         and coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') = ''
       order by 1, 2
      """;

  /** Rows that were put in and then removed with the table's file are not among them. */
  private static final String INSERTED =
      "select coalesce(pg_catalog.pg_stat_get_xact_tuples_inserted(?::bigint::oid), 0)";

  /** Where the server does not count, what statements remove cannot be seen. */
  private static final String COUNT =
      """
      select case when pg_catalog.current_setting('track_counts') <> 'on'
                       and pg_catalog.current_setting('is_superuser') = 'on'
                  then pg_catalog.set_config('track_counts', 'on', true)
                  else pg_catalog.current_setting('track_counts') end = 'on'
      """;

  private static final String COUNTS = "select pg_catalog.current_setting('track_counts') = 'on'";

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

  /**
   * A column; one that is dropped leaves its number to nobody.
   *
   * @param written the transaction that wrote its definition
   * @param type with its modifier
   * @param definition a digest of all that is said of it
   */
  record Column(int number, String name, String written, String type, String definition) {
    /**
     * Whether its values may be others in a table that was written anew: its type was changed, or
     * was written again as it was, as {@code USING} does.
     */
    boolean isConverted(Column before) {
      return !type.equals(before.type())
          || (!written.equals(before.written()) && definition.equals(before.definition()));
    }
  }

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
                .add(
                    new Column(
                        row.getInt(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6))));
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

  /** Makes the server count in the open transaction; false: this role cannot have it count. */
  static boolean count(Database session) {
    return session.test(COUNT);
  }

  /** Whether it counts now. */
  static boolean counts(Database session) {
    return session.test(COUNTS);
  }

  /**
   * Whether none of the rows is left that a table with a new file had before: it has no more than
   * the transaction put in.
   */
  static boolean isEmptied(Database session, long number, TableName table) {
    long inserted = session.number(INSERTED, number);
    return session.test(
        "select not exists (select from only %s offset %d)".formatted(table, inserted));
  }
}
