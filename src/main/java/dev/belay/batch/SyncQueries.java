package dev.belay.batch;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.Optional;

/** Reads columns that are kept equal, and what keeps them so. */
final class SyncQueries {
  private static final String COLUMN =
      """
      select pg_catalog.format_type(a.atttypid, a.atttypmod),
             coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') <> ''
               or a.attidentity <> '',
             not exists (select from pg_catalog.regexp_matches(d.adbin::text, '\\{([A-Z0-9]+)', 'g')
                                       as node (word)
                          where word[1] not in ('CONST', 'FUNCEXPR', 'OPEXPR', 'RELABELTYPE'))
               and not exists (select from pg_catalog.regexp_matches(
                                             d.adbin::text, ':(?:op)?funcid ([0-9]+)', 'g')
                                             as call (number)
                                where not exists (select from pg_catalog.pg_proc p
                                                   where p.oid = number[1]::oid
                                                     and p.provolatile = 'i')),
             case when d.adbin is null then 'null'
                  else 'cast((' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') as '
                       || pg_catalog.format_type(a.atttypid, a.atttypmod) || ')' end
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where n.nspname = ? and c.relname = ? and a.attname = ?
         and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      """;

  private static final String COLUMNS =
      """
      select a.attname::text
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and a.attnum > 0 and not a.attisdropped
       order by a.attnum
      """;

  private static final String KEEP =
      """
      insert into belay.batch_sync (batch_run, table_schema, table_name, new_column, old_column,
                                    trigger_name, function_name)
      values (?, ?, ?, ?, ?, ?, ?)
      """;

  private SyncQueries() {}

  /**
   * A column.
   *
   * @param hasConstant whether its default is made of constants by functions that always answer the
   *     same, such as the cast in {@code bigint default 0}
   * @param constant its default as SQL; {@code null} where it has none
   */
  record Column(String type, boolean generated, boolean hasConstant, String constant) {}

  /** A trigger that is there. */
  record Installed(TableName table, String trigger, String function) {}

  static Optional<Column> column(Database session, TableName table, String name) {
    return session.first(
        COLUMN,
        row -> new Column(row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getString(4)),
        table.schema(),
        table.table(),
        name);
  }

  /** The names of all columns of a table, in their order. */
  static List<String> columns(Database session, TableName table) {
    return session.list(COLUMNS, row -> row.getString(1), table.schema(), table.table());
  }

  static void keep(Database session, long run, SyncMark mark, String trigger, String function) {
    session.execute(
        KEEP,
        run,
        mark.table().schema(),
        mark.table().table(),
        mark.newColumn(),
        mark.oldColumn(),
        trigger,
        function);
  }

  static List<Installed> installed(Database session, long run) {
    return session.list(
        "select table_schema, table_name, trigger_name, function_name from belay.batch_sync"
            + " where batch_run = ? order by trigger_name",
        row ->
            new Installed(
                new TableName(row.getString(1), row.getString(2)),
                row.getString(3),
                row.getString(4)),
        run);
  }

  static boolean isThere(Database session, Installed sync) {
    return session.test("select pg_catalog.to_regclass(?) is not null", sync.table().toString());
  }

  static void forget(Database session, long run) {
    session.execute("delete from belay.batch_sync where batch_run = ?", run);
  }
}
