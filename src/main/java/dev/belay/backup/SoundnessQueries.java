package dev.belay.backup;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL's own look at heaps and B-tree indexes, by its extension amcheck. */
public final class SoundnessQueries {
  private static final int MOST_PER_RELATION = 5;

  /** Of its own, since a database need not have a schema public. */
  private static final String SCHEMA = "belay_amcheck";

  private static final String AVAILABLE =
      """
      select exists (
               select from pg_catalog.pg_available_extensions where name = 'amcheck')
         and (select rolsuper from pg_catalog.pg_roles where rolname = current_user)
      """;

  private static final String TABLES =
      """
      select c.oid::bigint, c.oid::pg_catalog.regclass::text
        from pg_catalog.pg_class c
       where c.relkind in ('r', 'm', 't')
         and c.relpersistence <> 't'
         and exists (select from pg_catalog.pg_proc p where p.proname = 'verify_heapam')
       order by 2
      """;

  private static final String INDEXES =
      """
      select c.oid::bigint, c.oid::pg_catalog.regclass::text
        from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indexrelid
        join pg_catalog.pg_am m on m.oid = c.relam
       where m.amname = 'btree'
         and c.relkind = 'i'
         and c.relpersistence <> 't'
         and i.indisready
         and i.indisvalid
       order by 2
      """;

  private SoundnessQueries() {}

  private record Relation(long oid, String name) {}

  /** Whether the extension is there and this role may create it. */
  public static boolean isAvailable(Database session) {
    return session.test(AVAILABLE);
  }

  /**
   * Checks everything in the database, which gets the extension for it.
   *
   * @return what is wrong, in the server's words; empty: nothing
   */
  public static List<String> findings(Database session, Progress progress) {
    // The database is for this proof alone: it need not keep amcheck where it has it, if at all.
    session.execute("drop extension if exists amcheck cascade");
    session.execute("create schema " + SCHEMA);
    session.execute("create extension amcheck with schema " + SCHEMA);
    List<Relation> tables = relations(session, TABLES);
    List<Relation> indexes = relations(session, INDEXES);
    List<String> findings = new ArrayList<>();
    try (Progress.Bar bar = progress.bar("amcheck", tables.size() + indexes.size(), "relations")) {
      for (Relation table : tables) {
        findings.addAll(heap(session, table));
        bar.advance(1);
      }
      for (Relation index : indexes) {
        findings.addAll(index(session, index));
        bar.advance(1);
      }
    }
    return findings;
  }

  private static List<Relation> relations(Database session, String sql) {
    return session.list(sql, row -> new Relation(row.getLong(1), row.getString(2)));
  }

  private static List<String> heap(Database session, Relation table) {
    return session.list(
        """
        select blkno, msg
          from %s.verify_heapam(?::bigint::pg_catalog.oid::pg_catalog.regclass) limit %d
        """
            .formatted(SCHEMA, MOST_PER_RELATION),
        row -> "table %s, block %s: %s".formatted(table.name(), row.getString(1), row.getString(2)),
        table.oid());
  }

  private static List<String> index(Database session, Relation index) {
    try {
      session.list(
          "select "
              + SCHEMA
              + ".bt_index_check(?::bigint::pg_catalog.oid::pg_catalog.regclass, true)",
          row -> index,
          index.oid());
      return List.of();
    } catch (Failure failure) {
      if (SqlState.DATA_CORRUPTED.isOf(failure) || SqlState.INDEX_CORRUPTED.isOf(failure)) {
        return List.of("index " + index.name() + ": " + failure.message());
      }
      throw failure;
    }
  }
}
