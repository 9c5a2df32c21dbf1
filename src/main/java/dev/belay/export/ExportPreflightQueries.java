package dev.belay.export;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.List;

/** What could keep an export from reading everything, as the server knows it. */
final class ExportPreflightQueries {
  private static final String TABLES =
      """
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p')
         and c.relpersistence <> 't'
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname <> 'information_schema'
      """;

  private static final String UNREADABLE =
      "select n.nspname, c.relname"
          + TABLES
          + """
         and not (pg_catalog.has_schema_privilege(n.oid, 'usage')
                  and pg_catalog.has_table_privilege(c.oid, 'select'))
       order by 1, 2
      """;

  private static final String HIDDEN =
      "select n.nspname, c.relname"
          + TABLES
          + """
         and c.relrowsecurity
         and pg_catalog.row_security_active(c.oid)
       order by 1, 2
      """;

  private ExportPreflightQueries() {}

  static List<TableName> unreadable(Database session) {
    return session.list(UNREADABLE, row -> new TableName(row.getString(1), row.getString(2)));
  }

  static List<TableName> hiddenByPolicy(Database session) {
    return session.list(HIDDEN, row -> new TableName(row.getString(1), row.getString(2)));
  }

  static long largeObjects(Database session) {
    return session.number("select count(*) from pg_catalog.pg_largeobject_metadata");
  }
}
