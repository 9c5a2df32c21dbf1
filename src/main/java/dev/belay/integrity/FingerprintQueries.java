package dev.belay.integrity;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads which tables there are, and sums up their rows. */
final class FingerprintQueries {
  /**
   * Schemas whose names begin with pg_ are the server's own, temporary ones among them. To ask for
   * the size of a table that is locked exclusively would be to wait for it, so what the last
   * ANALYZE saw is taken.
   */
  private static final String TABLES =
      """
      select c.oid, n.nspname, c.relname,
             case when c.oid = any (l.relations) then greatest(c.relpages, 0)
                  else coalesce(pg_catalog.pg_relation_size(c.oid), 0)
                         / pg_catalog.current_setting('block_size')::bigint end,
             case when c.oid = any (l.relations)
                  then greatest(c.relpages, 0)
                         * pg_catalog.current_setting('block_size')::bigint
                  else coalesce(pg_catalog.pg_table_size(c.oid), 0) end,
             coalesce(m.amname = 'heap', false), c.reltuples,
             exists (
               select from pg_catalog.pg_depend d
                where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                  and d.objid = c.oid
                  and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                  and d.deptype = 'e')
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join pg_catalog.pg_am m on m.oid = c.relam
       cross join (
         select coalesce(pg_catalog.array_agg(k.relation), '{}')
           from pg_catalog.pg_locks k
          where k.locktype = 'relation'
            and k.mode = 'AccessExclusiveLock'
            and k.pid <> pg_catalog.pg_backend_pid()) l (relations)
       where c.relkind = 'r'
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname <> 'information_schema'
      """;

  private static final String COLUMNS =
      """
      select a.attrelid, a.attname, a.atttypid
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r'
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname <> 'information_schema'
         and a.attnum > 0
         and not a.attisdropped
         and a.attgenerated = ''
      """;

  /**
   * Read in a snapshot, the catalogue shows the file of that moment, and the function that of now.
   */
  private static final String REPLACED =
      """
      select n.nspname, c.relname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r'
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname <> 'information_schema'
         and pg_catalog.pg_relation_filenode(c.oid) is distinct from c.relfilenode
      """;

  /** Values whose text a future server, or one of another make, might write otherwise. */
  private static final String PROBE =
      """
      select pg_catalog.getdatabaseencoding(), pg_catalog.current_setting('block_size'),
      """
          + RowHash.hash(
              """
              pg_catalog.concat_ws(E'\\x1f', float4 '0.1', float8 '-0', float8 '1e-7',
                float8 'Infinity', numeric '1.00', numeric 'NaN', money '-1234.5', true,
                bytea '\\x00ff', date '0044-03-15 BC', time '24:00', timetz '12:00:00.5+05:30',
                timestamp 'infinity', timestamptz '2000-01-01 12:34:56.789+02',
                interval '-1 year 2 days 03:04:05.6', interval '24:00', inet '10.0.0.1/8',
                macaddr '08-00-2b-01-02-03', bit '101',
                uuid 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', jsonb '{"b": 1.50, "a": [null]}',
                array['a b', null, '"', ''], int4range '[1,5]', point '(1.5,-0)',
                circle '<(0.1,2),3>', tsvector 'b:1A a', char(3) 'a', oid '1')
              """);

  /** What the rows of a piece come to. */
  record Sum(long rows, BigInteger hashes) {
    Sum plus(Sum other) {
      return new Sum(rows + other.rows, hashes.add(other.hashes));
    }
  }

  private record Listed(
      long oid, TableName name, long pages, long bytes, boolean heap, double rows, boolean of) {}

  private record Column(long table, ColumnShape shape) {}

  private FingerprintQueries() {}

  /**
   * Prepares a session for {@link #sum}. Several are at it already, and what runs in one can be
   * cancelled, so none starts parallel workers. Without the other setting each piece would read the
   * whole table.
   */
  static void prepare(Database session) {
    session.execute("set max_parallel_workers_per_gather = 0");
    session.execute("set enable_tidscan = on");
  }

  static Tables tables(Database session) {
    // Ranges of pages are read directly since 14; before, each piece would read the whole table.
    boolean ranges = ServerInfo.of(session).major() >= 14;
    Map<Long, List<ColumnShape>> columns = new HashMap<>();
    session
        .list(
            COLUMNS,
            row ->
                new Column(
                    row.getLong(1),
                    new ColumnShape(row.getString(2), ColumnText.of(row.getLong(3)))))
        .forEach(
            column ->
                columns
                    .computeIfAbsent(column.table(), table -> new ArrayList<>())
                    .add(column.shape()));
    List<TableShape> shapes = new ArrayList<>();
    List<TableName> ofExtensions = new ArrayList<>();
    session
        .list(
            TABLES,
            row ->
                new Listed(
                    row.getLong(1),
                    new TableName(row.getString(2), row.getString(3)),
                    row.getLong(4),
                    row.getLong(5),
                    row.getBoolean(6),
                    row.getDouble(7),
                    row.getBoolean(8)))
        .stream()
        .sorted((left, right) -> left.name().compareTo(right.name()))
        .forEach(
            table -> {
              if (table.of()) {
                ofExtensions.add(table.name());
              } else {
                shapes.add(
                    new TableShape(
                        table.name(),
                        columns.getOrDefault(table.oid(), List.of()),
                        table.pages(),
                        table.bytes(),
                        table.heap() && ranges,
                        table.rows()));
              }
            });
    return new Tables(shapes, ofExtensions);
  }

  static List<TableName> replaced(Database session) {
    return session.list(REPLACED, row -> new TableName(row.getString(1), row.getString(2))).stream()
        .sorted()
        .toList();
  }

  /** Encoding, page size and the hash of known values, in words that can be compared. */
  static String probe(Database session) {
    return session.one(
        PROBE, row -> "%s %s %d".formatted(row.getString(1), row.getString(2), row.getLong(3)));
  }

  static Sum sum(Database session, Piece piece) {
    return session.lockingBriefly(
        () -> session.one(sql(piece), row -> new Sum(row.getLong(1), whole(row.getBigDecimal(2)))));
  }

  static String sql(Piece piece) {
    StringBuilder sql =
        new StringBuilder("select pg_catalog.count(*), coalesce(pg_catalog.sum(")
            .append(RowHash.of(piece.table().columns()))
            .append("), 0) from only ")
            .append(piece.table().name())
            .append(" as ")
            .append(RowHash.ALIAS);
    if (!piece.isWhole()) {
      sql.append(" where ctid >= '(").append(piece.from()).append(",0)'");
      piece.to().ifPresent(to -> sql.append(" and ctid < '(").append(to).append(",0)'"));
    }
    return sql.toString();
  }

  private static BigInteger whole(BigDecimal sum) {
    return sum.toBigIntegerExact();
  }
}
