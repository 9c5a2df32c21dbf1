package dev.belay.reconcile;

import dev.belay.core.Identifier;
import dev.belay.dataset.ExportLoading;
import dev.belay.dataset.ExportedColumn;
import dev.belay.dataset.ValueForm;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.stream.Collectors;

/** Fills the tables of a scratch database with the rows of an export. */
final class ExportCopyQueries {
  /** What would act on rows by itself, or want them in an order. Clones of partitions go along. */
  private static final String LOOSEN =
      """
      select 1, false, pg_catalog.format('alter table %s drop constraint %I',
               f.conrelid::pg_catalog.regclass, f.conname)
        from pg_catalog.pg_constraint f
       where f.contype = 'f'
         and f.conparentid = 0
       union all
      select 2, c.relispartition, pg_catalog.format('drop trigger if exists %I on %s',
               t.tgname, t.tgrelid::pg_catalog.regclass)
        from pg_catalog.pg_trigger t
        join pg_catalog.pg_class c on c.oid = t.tgrelid
       where not t.tgisinternal
         and c.relkind in ('r', 'p')
         and pg_catalog.left(c.relnamespace::pg_catalog.regnamespace::text, 3) <> 'pg_'
       union all
      select 3, false, pg_catalog.format('drop rule %I on %s',
               r.rulename, r.ev_class::pg_catalog.regclass)
        from pg_catalog.pg_rewrite r
        join pg_catalog.pg_class c on c.oid = r.ev_class
       where c.relkind in ('r', 'p')
         and pg_catalog.left(c.relnamespace::pg_catalog.regnamespace::text, 3) <> 'pg_'
       order by 1, 2, 3
      """;

  private ExportCopyQueries() {}

  /** Takes foreign keys, triggers and rules away; they are in the backup and in the target. */
  static void loosen(Database session) {
    session.list(LOOSEN, row -> row.getString(3)).forEach(session::execute);
  }

  /** Puts staged rows in the place of those of the backup. */
  static void take(Database session, ExportLoading.Staged staged) {
    session.execute("truncate " + staged.live().name());
    for (ExportedColumn column : staged.live().columns()) {
      if (column.form() != ValueForm.OMITTED && !staged.columns().contains(column.name())) {
        // What the export does not have cannot be compared with it.
        session.execute(
            "alter table %s drop column %s cascade"
                .formatted(staged.live().name(), new Identifier(column.name())));
      }
    }
    List<String> columns =
        staged.columns().stream().map(name -> new Identifier(name).toString()).toList();
    String list = columns.stream().collect(Collectors.joining(", "));
    session.execute(
        columns.isEmpty()
            ? "insert into %s select from %s".formatted(staged.live().name(), staged.staging())
            : "insert into %s (%s) overriding system value select %s from %s"
                .formatted(staged.live().name(), list, list, staged.staging()));
  }
}
