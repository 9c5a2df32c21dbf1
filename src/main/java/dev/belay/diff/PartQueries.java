package dev.belay.diff;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.Optional;

/** Finds tables by their numbers. */
final class PartQueries {
  private PartQueries() {}

  /** What {@code from} takes for one partition; empty where this role may not read it by itself. */
  static Optional<String> from(Database session, long relation) {
    return session.first(
        """
        select n.nspname, c.relname
          from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.oid = ?::int8::oid
           and pg_catalog.has_schema_privilege(n.oid, 'usage')
           and pg_catalog.has_table_privilege(c.oid, 'select')
        """,
        row -> "only " + new TableName(row.getString(1), row.getString(2)),
        relation);
  }

  /** The number of a table, or of the root where it is a partition. */
  static Optional<Long> root(Database session, String schema, String table) {
    return session.first(
        """
        select coalesce(pg_catalog.pg_partition_root(c.oid), c.oid)::oid::int8
          from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where n.nspname = ?
           and c.relname = ?
        """,
        row -> row.getLong(1),
        schema,
        table);
  }
}
