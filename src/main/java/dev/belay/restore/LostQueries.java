package dev.belay.restore;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What hangs on tables that one database has and another lost. */
final class LostQueries {
  /** A plain or a partitioned table; {@code root} of itself where it is no partition. */
  record Table(TableName name, TableName root, boolean partitioned) {
    boolean partition() {
      return !name.equals(root);
    }
  }

  /** Something that a table needs, as {@code pg_identify_object} calls it. */
  record Need(String kind, String identity) {}

  /** Something that goes with a table when that is dropped. */
  record Hanging(TableName on, String name, boolean foreignKey, String statement) {}

  private static final String TABLES =
      """
      select n.nspname, c.relname, coalesce(p.nspname, n.nspname), coalesce(r.relname, c.relname),
             c.relkind = 'p'
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join lateral (
             select a.relid
               from pg_catalog.pg_partition_ancestors(c.oid) a
               join pg_catalog.pg_class t on t.oid = a.relid
              where not t.relispartition) x on c.relispartition
        left join pg_catalog.pg_class r on r.oid = x.relid
        left join pg_catalog.pg_namespace p on p.oid = r.relnamespace
       where c.relkind in ('r', 'p')
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname not in ('information_schema', 'belay')
         and not exists (
               select from pg_catalog.pg_depend d
                where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                  and d.objid = c.oid
                  and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                  and d.deptype = 'e')
       order by 1, 2
      """;

  private static final String MEMBERS =
      """
      with recursive members (oid) as (
        select pg_catalog.unnest(?::text[])::pg_catalog.regclass::oid
      ),
      """;

  /** What is made with the table: its own indexes, sequences and row type are no needs. */
  private static final String NEEDS =
      MEMBERS
          + """
            parts (classid, objid) as (
              select 'pg_catalog.pg_class'::pg_catalog.regclass::oid, m.oid from members m
               union all
              select 'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid
                from pg_catalog.pg_attrdef d join members m on m.oid = d.adrelid
               union all
              select 'pg_catalog.pg_constraint'::pg_catalog.regclass, c.oid
                from pg_catalog.pg_constraint c join members m on m.oid = c.conrelid
               union all
              select 'pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid
                from pg_catalog.pg_trigger t join members m on m.oid = t.tgrelid
               where not t.tgisinternal
               union all
              select 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid
                from pg_catalog.pg_policy p join members m on m.oid = p.polrelid
               union all
              select 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid
                from pg_catalog.pg_index i join members m on m.oid = i.indrelid
            ),
            own (oid) as (
              select m.oid from members m
               union
              select i.indexrelid from pg_catalog.pg_index i join members m on m.oid = i.indrelid
               union
              select d.objid
                from pg_catalog.pg_depend d
                join members m on m.oid = d.refobjid
               where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 and d.deptype in ('a', 'i')
            )
            select distinct o.type, o.identity
              from parts p
              join pg_catalog.pg_depend d on d.classid = p.classid and d.objid = p.objid
             cross join lateral pg_catalog.pg_identify_object(d.refclassid, d.refobjid, 0) o
             where d.refobjid >= 16384
               and (d.refclassid in ('pg_catalog.pg_proc'::pg_catalog.regclass,
                                     'pg_catalog.pg_namespace'::pg_catalog.regclass)
                    or (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                        and not exists (select from own w where w.oid = d.refobjid))
                    or (d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
                        and not exists (
                              select from pg_catalog.pg_type t
                                join members m on m.oid = t.typrelid
                               where d.refobjid in (t.oid, t.typarray))))
             order by 1, 2
            """;

  private static final String FOREIGN_KEYS =
      MEMBERS
          + """
            nothing as (select 1)
            select n.nspname, c.relname, f.conname, pg_catalog.quote_ident(f.conname),
                   pg_catalog.pg_get_constraintdef(f.oid)
              from pg_catalog.pg_constraint f
              join members m on m.oid = f.confrelid
              join pg_catalog.pg_class c on c.oid = f.conrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where f.contype = 'f'
               and f.conparentid = 0
               and not exists (select from members s where s.oid = f.conrelid)
             order by 1, 2, 3
            """;

  private static final String VIEWS =
      MEMBERS
          + """
            hanging (oid) as (
              select m.oid from members m
               union
              select r.ev_class
                from hanging h
                join pg_catalog.pg_depend d
                  on d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 and d.refobjid = h.oid
                 and d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                join pg_catalog.pg_rewrite r on r.oid = d.objid
            )
            select n.nspname, c.relname, c.relkind = 'm', pg_catalog.pg_get_viewdef(c.oid)
              from hanging h
              join pg_catalog.pg_class c on c.oid = h.oid and c.relkind in ('v', 'm')
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             order by c.oid
            """;

  private LostQueries() {}

  /** All tables, partitions too, sorted by name. */
  static List<Table> tables(Database session) {
    return session.list(
        TABLES,
        row ->
            new Table(
                new TableName(row.getString(1), row.getString(2)),
                new TableName(row.getString(3), row.getString(4)),
                row.getBoolean(5)));
  }

  /** What the tables need beside what is made with them. */
  static List<Need> needs(Database session, List<TableName> tables) {
    return session.list(NEEDS, row -> new Need(row.getString(1), row.getString(2)), names(tables));
  }

  /** Whether there is something of that kind and name. */
  static boolean isThere(Database session, Need need) {
    String test =
        switch (need.kind()) {
          case "schema" ->
              "select exists (select from pg_catalog.pg_namespace"
                  + " where pg_catalog.quote_ident(nspname) = ?)";
          case "type", "composite type" -> "select pg_catalog.to_regtype(?) is not null";
          case "function", "procedure", "aggregate", "window function" ->
              "select pg_catalog.to_regprocedure(?) is not null";
          default -> "select pg_catalog.to_regclass(?) is not null";
        };
    return session.test(test, need.identity());
  }

  /** The foreign keys of other tables that refer to them, and the views on them. */
  static List<Hanging> hanging(Database session, List<TableName> tables) {
    Object members = names(tables);
    List<Hanging> found =
        new ArrayList<>(
            session.list(
                FOREIGN_KEYS,
                row -> {
                  TableName on = new TableName(row.getString(1), row.getString(2));
                  return new Hanging(
                      on,
                      row.getString(3),
                      true,
                      "alter table %s add constraint %s %s;"
                          .formatted(on, row.getString(4), row.getString(5)));
                },
                members));
    found.addAll(
        session.list(
            VIEWS,
            row -> {
              TableName on = new TableName(row.getString(1), row.getString(2));
              return new Hanging(
                  on,
                  on.table(),
                  false,
                  "create %sview %s as%s%s"
                      .formatted(
                          row.getBoolean(3) ? "materialized " : "", on, "\n", row.getString(4)));
            },
            members));
    return found;
  }

  /** Whether it is there, too, or cannot be, since its own table is not. */
  static boolean isThere(Database session, Hanging hanging) {
    if (!hanging.foreignKey()) {
      return exists(session, hanging.on());
    }
    return !exists(session, hanging.on())
        || session.test(
            "select exists (select from pg_catalog.pg_constraint"
                + " where conrelid = ?::pg_catalog.regclass and conname = ?)",
            hanging.on().toString(),
            hanging.name());
  }

  /** Whether a relation of whatever kind has that name. */
  static boolean exists(Database session, TableName name) {
    return session.test("select pg_catalog.to_regclass(?) is not null", name.toString());
  }

  /** What a relation of that name is, such as {@code view}. */
  static Optional<String> kind(Database session, TableName name) {
    return session.first(
        """
        select case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view'
                              when 'm' then 'materialized view' when 'S' then 'sequence'
                              when 'f' then 'foreign table' when 'c' then 'type' else 'index' end
          from pg_catalog.pg_class c
         where c.oid = pg_catalog.to_regclass(?)
        """,
        row -> row.getString(1),
        name.toString());
  }

  /** The driver makes an array of it. */
  private static Object names(List<TableName> tables) {
    return tables.stream().map(TableName::toString).toArray(String[]::new);
  }
}
