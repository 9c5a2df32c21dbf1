package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.postgres.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Runs the statements that write. */
final class WriteQueries {
  private WriteQueries() {}

  /** Rows written of each table, in their order. */
  static List<Written> unit(Database session, List<MergeTable> tables, Set<MergeTable> replaced) {
    if (tables.size() == 1 && replaced.isEmpty()) {
      MergeTable only = tables.get(0);
      boolean adds = only.rows(Decision.ADD) > 0;
      boolean changes = only.rows(Decision.CHANGE) > 0;
      boolean removes = only.rows(Decision.REMOVE) > 0;
      if (adds && !changes && !removes) {
        return List.of(new Written(0, 0, session.execute(WriteSql.add(only, ""))));
      }
      if (changes && !adds && !removes) {
        return List.of(new Written(0, session.execute(WriteSql.change(only, "")), 0));
      }
      if (removes && !adds && !changes) {
        return List.of(new Written(session.execute(WriteSql.remove(only, "")), 0, 0));
      }
    }
    return session.one(
        WriteSql.unit(tables, replaced),
        row -> {
          List<Written> written = new ArrayList<>();
          for (int at = 0; at < tables.size(); at++) {
            written.add(
                new Written(
                    row.getLong(at * 3 + 1), row.getLong(at * 3 + 2), row.getLong(at * 3 + 3)));
          }
          return written;
        });
  }

  /** Whether a column that takes no update differs in a row that is to be changed. */
  static boolean fixedDiffers(Database session, MergeTable table) {
    List<String> differ = new ArrayList<>();
    for (String column : table.fixed()) {
      differ.add(
          "pg_catalog.concat(r.%s) is distinct from pg_catalog.concat(s.%s)"
              .formatted(new Identifier(column), table.staged(column)));
    }
    return !differ.isEmpty()
        && session.test(
            "select exists (select from %s as s join %s as r on r.tableoid = s.place_table and r.ctid = s.place where %s)"
                .formatted(
                    table.stage(Decision.CHANGE),
                    table.pair().target().from(),
                    String.join(" or ", differ)));
  }

  /** Columns of an index or an exclusion constraint that may be null. */
  static List<String> nullable(Database session, Violation violation) {
    return session.list(
        """
        select a.attname
          from pg_catalog.pg_index i
          join pg_catalog.pg_class x on x.oid = i.indexrelid
          join pg_catalog.pg_namespace n on n.oid = x.relnamespace
          join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
         where n.nspname = ?
           and x.relname = ?
           and not a.attnotnull
           and a.attgenerated = ''
           and coalesce(pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = 'false'
        """,
        row -> row.getString(1),
        violation.schema(),
        violation.constraint());
  }
}
