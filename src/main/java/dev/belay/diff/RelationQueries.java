package dev.belay.diff;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the shapes of relations. */
final class RelationQueries {
  /**
   * A key is the primary key, else the unique index of fewest columns: over whole columns that are
   * never null, valid, not partial, and checked at once. The size of a table that is locked
   * exclusively would be waited for, so what the last ANALYZE saw is taken.
   */
  private static final String RELATIONS =
      """
      select c.oid, n.nspname, c.relname, c.relkind = 'p',
             case when c.relkind = 'p' then coalesce((
                    select pg_catalog.sum(pg_catalog.pg_table_size(t.relid))
                      from pg_catalog.pg_partition_tree(c.oid) t
                     where t.isleaf and not t.relid = any (l.relations)), 0)
                  when c.oid = any (l.relations)
                  then greatest(c.relpages, 0)
                         * pg_catalog.current_setting('block_size')::bigint
                  else coalesce(pg_catalog.pg_table_size(c.oid), 0) end,
             c.reltuples::float8,
             k.names,
             coalesce((
               select s.correlation
                 from pg_catalog.pg_stats s
                where s.schemaname = n.nspname
                  and s.tablename = c.relname
                  and s.attname = k.names[1]
                order by s.inherited desc
                limit 1), 0)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join lateral (
             select pg_catalog.array_agg(a.attname::text order by p.place) as names
               from (select i.indexrelid, i.indkey::int2[] as columns, i.indnkeyatts
                       from pg_catalog.pg_index i
                      where i.indrelid = c.oid
                        and i.indisunique
                        and i.indisvalid
                        and i.indimmediate
                        and i.indpred is null
                        and i.indexprs is null
                        and not exists (
                              select from pg_catalog.unnest(i.indkey::int2[]) with ordinality
                                            as u (number, place)
                                join pg_catalog.pg_attribute b
                                  on b.attrelid = c.oid and b.attnum = u.number
                               where u.place <= i.indnkeyatts
                                 and (not b.attnotnull or b.attgenerated <> ''))
                      order by not i.indisprimary, i.indnkeyatts, i.indexrelid
                      limit 1) x
              cross join pg_catalog.unnest(x.columns) with ordinality as p (number, place)
               join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = p.number
              where p.place <= x.indnkeyatts) k on true
       cross join (
         select coalesce(pg_catalog.array_agg(o.relation), '{}')
           from pg_catalog.pg_locks o
          where o.locktype = 'relation'
            and o.mode = 'AccessExclusiveLock'
            and o.pid <> pg_catalog.pg_backend_pid()) l (relations)
       where c.relkind in ('r', 'p')
      """;

  private static final String ALL =
      RELATIONS
          + """
                and not c.relispartition
                and pg_catalog.left(n.nspname, 3) <> 'pg_'
                and n.nspname <> 'information_schema'
                and not exists (
                      select from pg_catalog.pg_depend d
                       where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                         and d.objid = c.oid
                         and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                         and d.deptype = 'e')
            """;

  private static final String ONE = RELATIONS + " and n.nspname = ? and c.relname = ?";

  /**
   * Numbers, dates, moments and uuids have one order everywhere; texts where they are sorted by
   * their bytes.
   */
  private static final String COLUMNS =
      """
      select a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.atttypid,
             a.attnotnull, a.attgenerated <> '', a.attidentity::text,
             a.atttypid in (20, 21, 23, 26, 1082, 1114, 1184, 1700, 2950)
               or (a.atttypid in (25, 1043)
                   and (l.collname in ('C', 'POSIX', 'ucs_basic')
                        or (l.collname = 'default' and d.datcollate in ('C', 'POSIX')
                            and coalesce(pg_catalog.to_jsonb(d) ->> 'datlocprovider', 'c') = 'c')))
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_database d on d.datname = pg_catalog.current_database()
        left join pg_catalog.pg_collation l on l.oid = a.attcollation
       where c.relkind in ('r', 'p')
         and a.attnum > 0
         and not a.attisdropped
      """;

  private record Listed(long relation, RelationColumn column) {}

  private RelationQueries() {}

  static List<Relation> all(Database session) {
    Map<Long, List<RelationColumn>> columns = new HashMap<>();
    session
        .list(
            COLUMNS
                + """
                  and not c.relispartition
                  and pg_catalog.left(c.relnamespace::pg_catalog.regnamespace::text, 3) <> 'pg_'
                  order by a.attrelid, a.attnum
                  """,
            RelationQueries::column)
        .forEach(
            listed ->
                columns
                    .computeIfAbsent(listed.relation(), relation -> new ArrayList<>())
                    .add(listed.column()));
    return session.list(ALL, row -> relation(row, columns)).stream()
        .sorted((one, other) -> one.name().compareTo(other.name()))
        .toList();
  }

  static Optional<Relation> find(Database session, TableName name) {
    Optional<Relation> found =
        session.first(ONE, row -> relation(row, Map.of()), name.schema(), name.table());
    return found.map(
        relation ->
            new Relation(
                relation.oid(),
                relation.name(),
                session
                    .list(
                        COLUMNS + " and c.oid = ? order by a.attnum",
                        RelationQueries::column,
                        relation.oid())
                    .stream()
                    .map(Listed::column)
                    .toList(),
                relation.key(),
                relation.partitioned(),
                relation.bytes(),
                relation.rows(),
                relation.correlation()));
  }

  private static Listed column(java.sql.ResultSet row) throws java.sql.SQLException {
    return new Listed(
        row.getLong(1),
        new RelationColumn(
            row.getString(2),
            row.getString(3),
            row.getLong(4),
            row.getBoolean(5),
            row.getBoolean(6),
            switch (String.valueOf(row.getString(7))) {
              case "a" -> RelationColumn.Identity.ALWAYS;
              case "d" -> RelationColumn.Identity.BY_DEFAULT;
              default -> RelationColumn.Identity.NONE;
            },
            row.getBoolean(8)));
  }

  private static Relation relation(java.sql.ResultSet row, Map<Long, List<RelationColumn>> columns)
      throws java.sql.SQLException {
    java.sql.Array key = row.getArray(7);
    return new Relation(
        row.getLong(1),
        new TableName(row.getString(2), row.getString(3)),
        columns.getOrDefault(row.getLong(1), List.of()),
        key == null ? List.of() : List.of((String[]) key.getArray()),
        row.getBoolean(4),
        row.getLong(5),
        row.getDouble(6),
        row.getDouble(8));
  }
}
