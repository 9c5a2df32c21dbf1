package dev.belay.scratch;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.HashMap;
import java.util.Map;

/** Reads what there is in a scratch database. */
final class ShapeQueries {
  private static final String RELATIONS =
      """
      select c.oid, n.nspname, c.relname, c.relkind::text,
             coalesce((select i.inhparent from pg_catalog.pg_inherits i
                        where i.inhrelid = c.oid and c.relispartition limit 1), 0)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'f')
      """;

  private static final String COLUMNS =
      """
      select a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
             a.attnotnull,
             a.atthasdef or a.atthasmissing or a.attidentity <> '' or a.attgenerated <> ''
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
       where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'f')
         and a.attnum > 0 and not a.attisdropped
      """;

  private static final String CONSTRAINTS =
      """
      select c.oid, c.conname, c.conrelid, c.contype::text, c.convalidated,
             case when pg_catalog.pg_get_expr(c.conbin, c.conrelid)
                       = '(' || pg_catalog.quote_ident(a.attname) || ' IS NOT NULL)'
                  then a.attnum else 0 end
        from pg_catalog.pg_constraint c
        left join pg_catalog.pg_attribute a
          on c.contype = 'c' and pg_catalog.cardinality(c.conkey) = 1
         and a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       where c.oid >= 16384 and c.conrelid <> 0
      """;

  private static final String INDEXES =
      """
      select c.oid, n.nspname, c.relname, x.indrelid, x.indisunique, x.indisvalid
        from pg_catalog.pg_index x
        join pg_catalog.pg_class c on c.oid = x.indexrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.oid >= 16384 and n.oid <> 99
      """;

  private ShapeQueries() {}

  /** All of it, as it is now. */
  static SchemaShape read(Database session) {
    Map<Long, SchemaShape.Relation> relations = new HashMap<>();
    session.list(
        RELATIONS,
        row ->
            relations.put(
                row.getLong(1),
                new SchemaShape.Relation(
                    new TableName(row.getString(2), row.getString(3)),
                    row.getString(4),
                    row.getLong(5))));
    Map<ObjectAddress, SchemaShape.Column> columns = new HashMap<>();
    session.list(
        COLUMNS,
        row ->
            columns.put(
                new ObjectAddress(ObjectAddress.RELATIONS, row.getLong(1), row.getInt(2)),
                new SchemaShape.Column(
                    row.getString(3), row.getString(4), row.getBoolean(5), row.getBoolean(6))));
    Map<Long, SchemaShape.Constraint> constraints = new HashMap<>();
    session.list(
        CONSTRAINTS,
        row ->
            constraints.put(
                row.getLong(1),
                new SchemaShape.Constraint(
                    row.getString(2),
                    row.getLong(3),
                    row.getString(4),
                    row.getBoolean(5),
                    row.getInt(6))));
    Map<Long, SchemaShape.Index> indexes = new HashMap<>();
    session.list(
        INDEXES,
        row ->
            indexes.put(
                row.getLong(1),
                new SchemaShape.Index(
                    new TableName(row.getString(2), row.getString(3)),
                    row.getLong(4),
                    row.getBoolean(5),
                    row.getBoolean(6))));
    return new SchemaShape(relations, columns, constraints, indexes);
  }
}
