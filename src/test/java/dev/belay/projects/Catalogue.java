package dev.belay.projects;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All objects of a database at one moment, by an own reading of the catalogue: what the tests hold
 * the engine against must not come from the engine. Takes no lock of a user's relation, unless the
 * parts are read too. Objects of extensions and Flyway's history are left out.
 */
final class Catalogue {
  private static final String HISTORY = "flyway_schema_history";

  /** Names are left out of the raw form, so that a rename is a rename and nothing else. */
  private static final String OBJECTS =
      """
      with object as (
        select 'pg_namespace'::regclass as class, n.oid, null::text as owner, 0::oid as storage,
               n.nspname as name,
               concat_ws('|', n.nspowner, n.nspacl) as raw
          from pg_namespace n
         where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        union all
        select 'pg_extension'::regclass, e.oid, null, 0, e.extname,
               concat_ws('|', e.extversion, e.extnamespace)
          from pg_extension e
        union all
        select 'pg_class'::regclass, c.oid,
               coalesce(
                 (select 'pg_class:' || i.indrelid from pg_index i where i.indexrelid = c.oid),
                 (select 'pg_class:' || h.inhparent from pg_inherits h where h.inhrelid = c.oid),
                 (select 'pg_class:' || d.refobjid from pg_depend d
                   where d.classid = 'pg_class'::regclass and d.objid = c.oid
                     and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
                     and c.relkind = 'S' limit 1)),
               case when c.relkind in ('r', 'm', 'i') then c.relfilenode else 0 end,
               c.relname,
               concat_ws('|', c.relnamespace, c.relowner, c.relacl, c.relpersistence, c.reloptions,
                 c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relispopulated,
                 c.relispartition, c.relpartbound,
                 case when c.relkind <> 'i' and c.relkind <> 'I' then
                 (select string_agg(concat_ws(',', a.attnum, a.attname, a.atttypid, a.atttypmod,
                           a.attnotnull, a.attidentity, a.attgenerated, a.attcollation, a.attacl,
                           a.attstattarget, a.attstorage, a.attoptions, a.attisdropped,
                           (select f.adbin from pg_attrdef f
                             where (f.adrelid, f.adnum) = (a.attrelid, a.attnum))),
                         ';' order by a.attnum)
                    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) end,
                 (select string_agg(concat_ws(',', o.conname, o.contype, o.condeferrable,
                           o.condeferred, o.convalidated, o.conkey, o.confrelid, o.confkey,
                           o.confdeltype, o.confupdtype, o.conbin, obj_description(o.oid, 'pg_constraint')), ';' order by o.oid)
                    from pg_constraint o where o.conrelid = c.oid),
                 (select string_agg(concat_ws(',', r.rulename, r.ev_type, md5(r.ev_action::text)),
                         ';' order by r.oid)
                    from pg_rewrite r where r.ev_class = c.oid),
                 (select concat_ws(',', s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcycle, s.seqtypid)
                    from pg_sequence s where s.seqrelid = c.oid),
                 (select string_agg(concat_ws(',', d.refobjid, d.refobjsubid), ';')
                    from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
                     and c.relkind = 'S' and d.deptype in ('a', 'i')),
                 (select concat_ws(',', i.indisunique, i.indisvalid, i.indisclustered, i.indkey,
                         i.indexprs, i.indpred, i.indclass, i.indcollation, i.indoption)
                    from pg_index i where i.indexrelid = c.oid),
                 (select string_agg(h.inhparent::text, ',') from pg_inherits h
                   where h.inhrelid = c.oid and c.relkind <> 'i'))
          from pg_class c
         where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I')
           and not exists (select from pg_constraint o where o.conindid = c.oid and o.contype in ('p', 'u', 'x'))
        union all
        select 'pg_proc'::regclass, p.oid, null, 0, p.proname,
               concat_ws('|', p.pronamespace, p.proowner, p.proacl, p.prosrc, p.prosqlbody,
                 p.prorettype, p.proargnames, p.proargdefaults, p.provolatile, p.proisstrict,
                 p.proparallel, p.prosecdef, p.proconfig, p.prolang)
          from pg_proc p where p.oid >= 16384
        union all
        select 'pg_type'::regclass, t.oid, null, 0, t.typname,
               concat_ws('|', t.typnamespace, t.typowner, t.typacl, t.typnotnull, t.typdefaultbin,
                 t.typdefault, t.typbasetype,
                 (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
                 (select string_agg(concat_ws(',', o.conname, o.convalidated, o.conbin), ';' order by o.oid)
                    from pg_constraint o where o.contypid = t.oid),
                 (select string_agg(concat_ws(',', a.attname, a.atttypid, a.atttypmod), ';' order by a.attnum)
                    from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0))
          from pg_type t left join pg_class c on c.oid = t.typrelid
         where t.oid >= 16384
           and (t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and c.relkind = 'c')
        union all
        select 'pg_trigger'::regclass, t.oid, 'pg_class:' || t.tgrelid, 0, t.tgname,
               concat_ws('|', t.tgfoid, t.tgtype, t.tgenabled, t.tgqual, t.tgattr, t.tgdeferrable)
          from pg_trigger t where not t.tgisinternal
        union all
        select 'pg_policy'::regclass, p.oid, 'pg_class:' || p.polrelid, 0, p.polname,
               concat_ws('|', p.polcmd, p.polpermissive, p.polroles, p.polqual, p.polwithcheck)
          from pg_policy p
        union all
        select 'pg_statistic_ext'::regclass, s.oid, 'pg_class:' || s.stxrelid, 0, s.stxname,
               concat_ws('|', s.stxkeys, s.stxkind, s.stxexprs)
          from pg_statistic_ext s
        union all
        select 'pg_default_acl'::regclass, a.oid, null, 0, '',
               concat_ws('|', a.defaclobjtype, a.defaclacl)
          from pg_default_acl a)
      select o.class::text || ':' || o.oid as key, i.type, i.identity, o.owner, o.storage,
             o.name, concat_ws('|', o.raw,
               (select string_agg(d.objsubid || '=' || d.description, '|' order by d.objsubid)
                  from pg_description d where (d.objoid, d.classoid) = (o.oid, o.class))) as raw
        from object o, pg_identify_object(o.class, o.oid, 0) i
       where coalesce(i.schema, 'public') !~ '^pg_' and coalesce(i.schema, '') <> 'information_schema'
         and i.identity !~ '^(pg_catalog|information_schema|pg_toast|pg_temp_[0-9]+)[.]'
         and i.identity !~ '^plpgsql$'
         and (i.schema is null or i.schema !~ '^pg_')
         and not exists (select from pg_depend d
                          where (d.classid, d.objid, d.deptype) = (o.class, o.oid, 'e'))
       order by o.class, o.oid
      """;

  private static final String COLUMNS =
      """
      select 'pg_class:' || a.attrelid as key, a.attnum, quote_ident(a.attname) as name
        from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.oid >= 16384 and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      """;

  /** Each thing that can change alone is a part of its own, so that a change names nothing else. */
  private static final String PARTS =
      """
      select 'pg_class:' || a.attrelid as key, 'column ' || a.attnum || v.part as part,
             a.attname as subject, v.label, null as text
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        left join pg_attrdef f on (f.adrelid, f.adnum) = (a.attrelid, a.attnum)
       cross join lateral (values
             ('', 'column ' || a.attname),
             (' type', format_type(a.atttypid, a.atttypmod)),
             (' null', case when a.attnotnull then 'not null' end),
             (' identity', nullif(a.attidentity::text, '')),
             (' default', a.attgenerated::text || pg_get_expr(f.adbin, f.adrelid)),
             (' acl', a.attacl::text),
             (' statistics', nullif(a.attstattarget, -1)::text),
             (' comment', col_description(a.attrelid, a.attnum))) v (part, label)
       where a.attrelid >= 16384 and a.attnum > 0 and not a.attisdropped
         and c.relkind in ('r', 'p', 'v', 'm', 'f') and v.label is not null
      union all
      select 'pg_class:' || o.conrelid, 'constraint ' || o.conname, '',
             concat_ws(' ', o.conname, o.contype, o.convalidated), pg_get_constraintdef(o.oid)
        from pg_constraint o where o.oid >= 16384 and o.conrelid <> 0
      union all
      select 'pg_class:' || c.oid, v.part, '', v.label, null
        from pg_class c
       cross join lateral (values
             ('acl', c.relacl::text),
             ('persistence', c.relpersistence::text),
             ('options', c.reloptions::text),
             ('security', case when c.relrowsecurity then 'row security' end),
             ('populated', case when not c.relispopulated then 'not populated' end),
             ('comment', obj_description(c.oid, 'pg_class'))) v (part, label)
       where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I')
         and v.label is not null
      union all
      select 'pg_class:' || c.oid, 'definition', '', '',
             case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid)
                  when c.relkind in ('i', 'I') then pg_get_indexdef(c.oid)
                  else pg_get_expr(c.relpartbound, c.oid) end
        from pg_class c
       where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'i', 'I')
      union all
      select 'pg_class:' || i.indexrelid, v.part, '', v.label, null
        from pg_index i
       cross join lateral (values
             ('valid', case when not i.indisvalid then 'not valid' end),
             ('clustered', case when i.indisclustered then 'clustered' end)) v (part, label)
       where i.indexrelid >= 16384 and v.label is not null
      union all
      select 'pg_class:' || s.seqrelid, 'sequence', '',
             concat_ws(' ', s.seqstart, s.seqincrement, s.seqtypid::regtype), null
        from pg_sequence s
      union all
      select 'pg_class:' || d.objid, 'owned', '', d.refobjid::regclass::text || '.' || d.refobjsubid, null
        from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S'
       where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
         and d.deptype in ('a', 'i') and d.refobjsubid > 0 and c.oid >= 16384
      union all
      select 'pg_class:' || r.ev_class, 'rule ' || r.rulename, '', r.rulename, pg_get_ruledef(r.oid)
        from pg_rewrite r where r.oid >= 16384 and r.rulename <> '_RETURN'
      union all
      select 'pg_proc:' || p.oid, v.part, '', v.label, v.text
        from pg_proc p
       cross join lateral (values
             ('body', md5(p.prosrc || coalesce(pg_get_function_sqlbody(p.oid), '')), pg_get_functiondef(p.oid)),
             ('kind', concat_ws(' ', p.provolatile, p.proparallel, p.proconfig), null),
             ('acl', p.proacl::text, null),
             ('comment', obj_description(p.oid, 'pg_proc'), null)) v (part, label, text)
       where p.oid >= 16384 and p.prokind in ('f', 'p') and v.label is not null
         and not exists (select from pg_depend d where (d.objid, d.deptype) = (p.oid, 'e'))
      union all
      select 'pg_type:' || e.enumtypid, 'label ' || e.enumlabel, '', e.enumlabel, null
        from pg_enum e
      union all
      select 'pg_type:' || e.enumtypid, 'order', '', 'in the order',
             string_agg(e.enumlabel, ', ' order by e.enumsortorder)
        from pg_enum e group by e.enumtypid
      union all
      select 'pg_type:' || t.oid, 'type', '',
             concat_ws(' ', t.typnotnull, t.typdefault, format_type(t.typbasetype, t.typtypmod)), null
        from pg_type t where t.oid >= 16384 and t.typtype = 'd'
      union all
      select 'pg_type:' || o.contypid, 'constraint ' || o.conname, '', pg_get_constraintdef(o.oid), null
        from pg_constraint o where o.oid >= 16384 and o.contypid <> 0
      union all
      select 'pg_type:' || t.oid, 'attribute ' || a.attnum, '',
             concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod)), null
        from pg_type t
        join pg_class c on c.oid = t.typrelid and c.relkind = 'c'
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.oid >= 16384
      union all
      select 'pg_trigger:' || t.oid, 'trigger', '', concat(t.tgname, t.tgenabled), pg_get_triggerdef(t.oid)
        from pg_trigger t where not t.tgisinternal
      union all
      select 'pg_policy:' || p.oid, 'policy', '', concat_ws(' ', p.polcmd, p.polpermissive),
             concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
        from pg_policy p
      union all
      select 'pg_statistic_ext:' || s.oid, 'statistics', '', s.stxkind::text, pg_get_statisticsobjdef(s.oid)
        from pg_statistic_ext s
      union all
      select 'pg_namespace:' || n.oid, v.part, '', v.label, null
        from pg_namespace n
       cross join lateral (values
             ('acl', n.nspacl::text),
             ('comment', obj_description(n.oid, 'pg_namespace'))) v (part, label)
       where v.label is not null
      """;

  private final Map<String, CatalogueObject> objects = new LinkedHashMap<>();

  private Catalogue() {}

  /** What is there now, in the transaction of that connection. */
  static Catalogue read(Connection connection) throws SQLException {
    return read(connection, false);
  }

  /** The same with the parts of every object; locks relations until the transaction ends. */
  static Catalogue readWithParts(Connection connection) throws SQLException {
    String path = searchPath(connection, null);
    searchPath(connection, "pg_catalog");
    Catalogue catalogue = read(connection, true);
    searchPath(connection, path);
    return catalogue;
  }

  /** Definitions show the names in full only if they cannot be found without. */
  private static String searchPath(Connection connection, @Nullable String path)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select pg_catalog.set_config('search_path',"
                + " coalesce(?, pg_catalog.current_setting('search_path')), false)")) {
      statement.setString(1, path);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  /** Once per session: to plan these queries takes longer than to run them. */
  private static void prepare(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "select count(*) from pg_prepared_statements where name like 'belay%'")) {
      rows.next();
      if (rows.getInt(1) > 0) {
        return;
      }
    }
    statement.execute("prepare belay_objects as " + OBJECTS);
    statement.execute("prepare belay_parts as " + PARTS);
  }

  private static Catalogue read(Connection connection, boolean withParts) throws SQLException {
    Map<String, Map<String, CatalogueObject.Part>> parts = new HashMap<>();
    Catalogue catalogue = new Catalogue();
    try (Statement statement = connection.createStatement()) {
      prepare(statement);
      if (withParts) {
        try (ResultSet rows = statement.executeQuery("execute belay_parts")) {
          while (rows.next()) {
            parts
                .computeIfAbsent(rows.getString("key"), key -> new HashMap<>())
                .put(
                    rows.getString("part"),
                    new CatalogueObject.Part(
                        rows.getString("subject"),
                        rows.getString("label"),
                        rows.getString("text")));
          }
        }
      }
      Map<String, Map<Integer, String>> columns = new HashMap<>();
      try (ResultSet rows = statement.executeQuery(COLUMNS)) {
        while (rows.next()) {
          columns
              .computeIfAbsent(rows.getString("key"), key -> new HashMap<>())
              .put(rows.getInt("attnum"), rows.getString("name"));
        }
      }
      try (ResultSet rows = statement.executeQuery("execute belay_objects")) {
        while (rows.next()) {
          String key = rows.getString("key");
          String identity = rows.getString("identity");
          if (!identity.contains(HISTORY)) {
            catalogue.objects.put(
                key,
                new CatalogueObject(
                    rows.getString("type"),
                    identity,
                    rows.getString("owner"),
                    rows.getString("raw"),
                    rows.getLong("storage"),
                    columns.getOrDefault(key, Map.of()),
                    parts.getOrDefault(key, Map.of())));
          }
        }
      }
    }
    return catalogue;
  }

  /** What is there, independent of how it came to be: one line per object, without keys. */
  Set<String> shape() {
    Set<String> lines = new TreeSet<>();
    for (CatalogueObject object : objects.values()) {
      List<String> texts =
          object.parts().values().stream().map(CatalogueObject.Part::toString).sorted().toList();
      lines.add(object.name() + " " + texts);
    }
    return lines;
  }

  /** All objects by their keys, which a rename does not change. */
  Map<String, CatalogueObject> objects() {
    return objects;
  }
}
