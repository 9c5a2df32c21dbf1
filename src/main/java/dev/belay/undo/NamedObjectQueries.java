package dev.belay.undo;

import dev.belay.postgres.Database;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads everything in a scratch database that can be renamed. */
final class NamedObjectQueries {
  /**
   * Parts that a table has from another are renamed with that one; the index of a constraint with
   * the constraint; the row type of a table with the table.
   */
  private static final String ALL =
      """
      with relations as (
        select c.oid, c.relname, c.relkind, n.oid as schema, n.nspname
          from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.oid >= 16384 and n.oid <> 99 and c.relpersistence <> 't'
           and not exists (select from pg_catalog.pg_depend d
                            where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                              and d.objid = c.oid and d.deptype = 'e'))
      select 's:' || n.oid, 'SCHEMA', 'schemas', '', n.nspname, '', ''
        from pg_catalog.pg_namespace n
       where n.oid >= 16384 and n.nspname !~ '^pg_'
      union all
      select 'r:' || r.oid,
             case r.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW'
                            when 'S' then 'SEQUENCE' when 'i' then 'INDEX' when 'I' then 'INDEX'
                            when 'f' then 'FOREIGN TABLE' when 'c' then 'TYPE' else 'TABLE' end,
             's:' || r.schema, r.nspname, r.relname, '', ''
        from relations r
       where r.relkind in ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'f', 'c')
         and not exists (select from pg_catalog.pg_constraint k
                          where k.conindid = r.oid and k.contype in ('p', 'u', 'x'))
         and not exists (select from pg_catalog.pg_depend d
                          where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                            and d.objid = r.oid and d.deptype = 'i'
                            and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                            and r.relkind in ('S', 'i', 'I'))
      union all
      select 'a:' || r.oid || ':' || a.attnum,
             case r.relkind when 'c' then 'ATTRIBUTE' else 'COLUMN' end,
             'r:' || r.oid, r.nspname, a.attname, r.relname, ''
        from relations r
        join pg_catalog.pg_attribute a on a.attrelid = r.oid
       where r.relkind in ('r', 'p', 'v', 'm', 'f', 'c') and a.attnum > 0 and not a.attisdropped
         and a.attinhcount = 0
      union all
      select 'k:' || k.oid, 'CONSTRAINT', 'r:' || r.oid, r.nspname, k.conname, r.relname, ''
        from relations r
        join pg_catalog.pg_constraint k on k.conrelid = r.oid
       where k.coninhcount = 0 and k.contype in ('c', 'f', 'p', 'u', 'x')
      union all
      select 'g:' || g.oid, 'TRIGGER', 'g:' || r.oid, r.nspname, g.tgname, r.relname, ''
        from relations r
        join pg_catalog.pg_trigger g on g.tgrelid = r.oid
       where not g.tgisinternal
      union all
      select 'p:' || p.oid, 'POLICY', 'p:' || r.oid, r.nspname, p.polname, r.relname, ''
        from relations r
        join pg_catalog.pg_policy p on p.polrelid = r.oid
      union all
      select 't:' || t.oid, case t.typtype when 'd' then 'DOMAIN' else 'TYPE' end,
             's:' || n.oid, n.nspname, t.typname, '', ''
        from pg_catalog.pg_type t
        join pg_catalog.pg_namespace n on n.oid = t.typnamespace
       where t.oid >= 16384 and t.typtype in ('e', 'd', 'r')
      union all
      select 'f:' || f.oid, 'ROUTINE', 'f:' || n.oid || ':' || f.proargtypes::text, n.nspname,
             f.proname, '', '(' || pg_catalog.pg_get_function_identity_arguments(f.oid) || ')'
        from pg_catalog.pg_proc f
        join pg_catalog.pg_namespace n on n.oid = f.pronamespace
       where f.oid >= 16384
      union all
      select 'e:' || e.oid, 'VALUE', 'e:' || t.oid, n.nspname, e.enumlabel, t.typname, ''
        from pg_catalog.pg_enum e
        join pg_catalog.pg_type t on t.oid = e.enumtypid
        join pg_catalog.pg_namespace n on n.oid = t.typnamespace
       order by 1
      """;

  private NamedObjectQueries() {}

  /** All of them, by their keys. */
  static Map<String, NamedObject> read(Database session) {
    Map<String, NamedObject> all = new LinkedHashMap<>();
    session
        .list(
            ALL,
            row ->
                new NamedObject(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7)))
        .forEach(each -> all.put(each.key(), each));
    return all;
  }
}
