package dev.belay.diff;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Reads foreign keys. */
final class ForeignKeyQueries {
  /** Those that partitions inherit are left out: their roots stand for them. */
  private static final String KEYS =
      """
      select f.conname, child.oid::int8, cn.nspname, child.relname, child.relkind = 'p',
             parent.oid::int8, pn.nspname, parent.relname,
             (select pg_catalog.array_agg(a.attname::text order by u.place)
                from pg_catalog.unnest(f.conkey) with ordinality as u (number, place)
                join pg_catalog.pg_attribute a
                  on a.attrelid = f.conrelid and a.attnum = u.number),
             (select pg_catalog.array_agg(a.attname::text order by u.place)
                from pg_catalog.unnest(f.confkey) with ordinality as u (number, place)
                join pg_catalog.pg_attribute a
                  on a.attrelid = f.confrelid and a.attnum = u.number),
             (select pg_catalog.array_agg(
                       pg_catalog.format('operator(%I.%s)', n.nspname, o.oprname)
                       order by u.place)
                from pg_catalog.unnest(f.conpfeqop) with ordinality as u (number, place)
                join pg_catalog.pg_operator o on o.oid = u.number
                join pg_catalog.pg_namespace n on n.oid = o.oprnamespace),
             f.confdeltype::text, f.confupdtype::text
        from pg_catalog.pg_constraint f
        join pg_catalog.pg_class child
          on child.oid = coalesce(pg_catalog.pg_partition_root(f.conrelid), f.conrelid)
        join pg_catalog.pg_namespace cn on cn.oid = child.relnamespace
        join pg_catalog.pg_class parent
          on parent.oid = coalesce(pg_catalog.pg_partition_root(f.confrelid), f.confrelid)
        join pg_catalog.pg_namespace pn on pn.oid = parent.relnamespace
       where f.contype = 'f'
         and f.conparentid = 0
         and (child.oid = any (?::oid[]) or parent.oid = any (?::oid[]))
       order by f.oid
      """;

  private ForeignKeyQueries() {}

  /** Those from or to one of the tables. */
  static List<ForeignKey> of(Database session, Collection<Long> tables) {
    String array = array(tables);
    return session.list(
        KEYS,
        row -> {
          TableName child = new TableName(row.getString(3), row.getString(4));
          return new ForeignKey(
              row.getString(1),
              row.getLong(2),
              child,
              (row.getBoolean(5) ? "" : "only ") + child,
              row.getLong(6),
              new TableName(row.getString(7), row.getString(8)),
              List.of((String[]) row.getArray(9).getArray()),
              List.of((String[]) row.getArray(10).getArray()),
              List.of((String[]) row.getArray(11).getArray()),
              row.getString(12),
              row.getString(13));
        },
        array,
        array);
  }

  /** Numbers as an array of PostgreSQL. */
  static String array(Collection<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }
}
