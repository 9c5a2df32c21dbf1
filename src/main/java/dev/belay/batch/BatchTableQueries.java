package dev.belay.batch;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a table is, and which keys it has. */
final class BatchTableQueries {
  /** Tables up to so many pages, 8 MB, are counted; of others the server's estimate is taken. */
  static final long PAGES_COUNTED = 1024;

  private static final String FACTS =
      """
      select c.oid::bigint, pg_catalog.pg_relation_size(c.oid)
               / pg_catalog.current_setting('block_size')::bigint,
             greatest(c.reltuples, 0)::bigint
               + coalesce((select pg_catalog.sum(greatest(l.reltuples, 0))
                             from pg_catalog.pg_partition_tree(c.oid) t
                             join pg_catalog.pg_class l on l.oid = t.relid
                            where c.relkind = 'p' and t.isleaf), 0)::bigint,
             c.relkind = 'r'
               and exists (select from pg_catalog.pg_inherits i where i.inhparent = c.oid),
             pg_catalog.pg_has_role(c.relowner, 'USAGE')
               or (select d.datdba = u.oid or u.rolsuper
                     from pg_catalog.pg_database d, pg_catalog.pg_roles u
                    where d.datname = pg_catalog.current_database() and u.rolname = current_user),
             c.relkind = 'p'
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p')
      """;

  /** Whole, at once checked, in ascending order and in the order of the columns' own collation. */
  private static final String KEYS =
      """
      select pg_catalog.array_agg(a.attname::text order by k.position),
             pg_catalog.array_agg(pg_catalog.format_type(a.atttypid, -1) order by k.position)
        from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indexrelid
        join pg_catalog.pg_am m on m.oid = c.relam and m.amname = 'btree'
        cross join lateral pg_catalog.unnest(i.indkey::int2[]) with ordinality k (number, position)
        join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
       where i.indrelid = ?::bigint::oid
         and i.indisunique and i.indisvalid and i.indisready and i.indimmediate
         and i.indpred is null and i.indexprs is null
         and k.position <= i.indnkeyatts
       group by i.indexrelid, i.indisprimary, i.indnkeyatts, i.indoption::int2[],
                i.indcollation::oid[], i.indclass::oid[]
      having pg_catalog.bool_and(a.attnotnull)
         and pg_catalog.count(*) = i.indnkeyatts
         and (select pg_catalog.bool_and(o = 0) from pg_catalog.unnest(i.indoption::int2[]) o)
         and pg_catalog.array_agg(a.attcollation order by k.position)
             = (i.indcollation::oid[])[0:i.indnkeyatts - 1]
         and (select pg_catalog.bool_and(p.opcdefault)
                from pg_catalog.unnest(i.indclass::oid[]) u
                join pg_catalog.pg_opclass p on p.oid = u)
       order by i.indisprimary desc, i.indnkeyatts, i.indexrelid
      """;

  private BatchTableQueries() {}

  /** A table of the catalogue. */
  record Facts(long oid, long pages, long rows, boolean hasHeirs, boolean vacuumed) {}

  /** A key that batches can be cut by. */
  record Key(List<String> columns, List<String> types) {}

  static Optional<Facts> facts(Database session, TableName table) {
    return session.first(
        FACTS,
        row ->
            new Facts(
                row.getLong(1),
                // The size of a partitioned table is that of its partitions, which are many reads.
                row.getBoolean(6) ? Long.MAX_VALUE : row.getLong(2),
                row.getLong(3),
                row.getBoolean(4),
                row.getBoolean(5)),
        table.schema(),
        table.table());
  }

  static List<Key> keys(Database session, long table) {
    return session.list(
        KEYS, row -> new Key(texts(row.getArray(1)), texts(row.getArray(2))), table);
  }

  static long count(Database session, TableName table) {
    return session.number("select pg_catalog.count(*) from " + table);
  }

  /** The elements of an array of texts, none of which is null. */
  static List<String> texts(Array array) throws SQLException {
    List<String> texts = new ArrayList<>();
    for (Object each : (Object[]) array.getArray()) {
      texts.add(String.valueOf(each));
    }
    return List.copyOf(texts);
  }
}
