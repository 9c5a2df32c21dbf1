package dev.belay.chaos;

import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a database holds, but for what Belay keeps there for itself and what the writer writes: each
 * thing by its name. Written independently of Belay's own comparisons, and blind to the order of
 * columns, which an undo cannot bring back.
 */
record Content(TreeMap<String, String> things) {
  private static final String SCHEMA =
      """
      select 'column ' || c.oid::regclass || '.' || a.attname,
             format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
               || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'shop'::regnamespace and c.relkind in ('r', 'v')
      union all
      select 'constraint ' || conrelid::regclass || '.' || conname,
             pg_get_constraintdef(oid) || ' ' || convalidated
      from pg_constraint where connamespace = 'shop'::regnamespace
      union all
      select 'index ' || indexrelid::regclass, pg_get_indexdef(indexrelid) || ' ' || indisvalid
      from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = 'shop'::regnamespace
      union all
      select 'view ' || oid::regclass, pg_get_viewdef(oid)
      from pg_class where relnamespace = 'shop'::regnamespace and relkind = 'v'
      union all
      select 'trigger ' || tgrelid::regclass || '.' || tgname, pg_get_triggerdef(t.oid) || tgenabled::text
      from pg_trigger t join pg_class c on c.oid = tgrelid
      where not tgisinternal and c.relnamespace = 'shop'::regnamespace
      union all
      select 'rights on ' || oid::regclass, relowner::regrole || ' ' || coalesce(relacl::text, '')
      from pg_class where relnamespace = 'shop'::regnamespace
      union all
      select 'database', datallowconn || ' ' || datconnlimit || ' ' || datdba::regrole || ' '
               || coalesce((select string_agg(setconfig::text, ' ')
                            from pg_db_role_setting where setdatabase = d.oid), '')
      from pg_database d where datname = current_database()
      union all
      select 'prepared ' || gid, owner from pg_prepared_xacts where database = current_database()
      union all
      select 'applied ' || version, success::text
      from (select distinct on (version) version, type, success
            from shop.flyway_schema_history order by version, installed_rank desc) h
      where type <> 'DELETE' and version is not null
      """;

  /** What it holds now. */
  static Content of(Database database) {
    TreeMap<String, String> things = new TreeMap<>();
    for (String[] each :
        database.list(SCHEMA, row -> new String[] {row.getString(1), row.getString(2)})) {
      things.put(each[0], each[1]);
    }
    for (String table :
        database.list(
            "select oid::regclass::text from pg_class where relkind = 'r'"
                + " and relnamespace = 'shop'::regnamespace"
                + " and relname not in ('flyway_schema_history', 'written')",
            row -> row.getString(1))) {
      things.put(
          "rows " + table,
          database.text(
              "select count(*) || ' ' || coalesce(md5(string_agg(to_jsonb(t)::text, ',' order by to_jsonb(t)::text)), '') from "
                  + table
                  + " t where to_jsonb(t) ->> 'name' is null or to_jsonb(t) ->> 'name' not like '%s%%'"
                      .formatted(Writer.NAMED)));
    }
    return new Content(things);
  }

  /** The same but for that. */
  Content without(String name) {
    TreeMap<String, String> others = new TreeMap<>(things);
    others.keySet().removeIf(each -> each.startsWith(name));
    return new Content(others);
  }

  /** The same but for a relation that is not there, with all that hangs on it. */
  Content withoutRelation(String name) {
    TreeMap<String, String> others = new TreeMap<>(things);
    others.keySet().removeIf(each -> each.contains(" " + name));
    return new Content(others);
  }

  /** In what the other differs from this, for a person. */
  List<String> differences(Content other) {
    List<String> differences = new ArrayList<>();
    TreeMap<String, String> names = new TreeMap<>(things);
    names.putAll(other.things);
    for (String name : names.keySet()) {
      String here = things.getOrDefault(name, "-");
      String there = other.things.getOrDefault(name, "-");
      if (!here.equals(there)) {
        differences.add(name + ": " + here + " / " + there);
      }
    }
    return differences;
  }
}
