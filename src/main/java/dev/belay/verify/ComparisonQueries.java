package dev.belay.verify;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.List;

/** Reads what would stop a comparison of all tables. */
final class ComparisonQueries {
  private static final String UNREADABLE =
      """
      select n.nspname, c.relname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r'
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname <> 'information_schema'
         and (not pg_catalog.has_schema_privilege(n.oid, 'usage')
               or not pg_catalog.has_table_privilege(c.oid, 'select')
               or pg_catalog.row_security_active(c.oid))
       order by 1, 2
      """;

  private ComparisonQueries() {}

  /** Tables that this user may not read, or not all rows of. */
  static List<TableName> unreadable(Database session) {
    return session.list(UNREADABLE, row -> new TableName(row.getString(1), row.getString(2)));
  }
}
