package dev.belay.rehearse;

import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a database reaches beyond it. */
final class OutreachQueries {
  private static final String MAPPINGS =
      """
      select m.srvname,
             pg_catalog.format('drop user mapping if exists for %s server %I',
                               case when m.umuser = 0 then 'public'
                                    else pg_catalog.quote_ident(m.usename) end,
                               m.srvname)
        from pg_catalog.pg_user_mappings m
       where m.umuser = 0 or m.usename is not null
       order by 1, 2
      """;

  /**
   * What an extension brought along reaches nothing before somebody calls it. To be completed with
   * where the body is.
   */
  private static final String FUNCTIONS =
      """
      select p.oid, p.proname, pg_catalog.quote_ident(n.nspname) || '.'
               || pg_catalog.quote_ident(p.proname),
             %s,
             l.lanpltrusted or l.lanname in ('c', 'internal')
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        join pg_catalog.pg_language l on l.oid = p.prolang
       where p.oid >= 16384
         and not exists (select from pg_catalog.pg_depend d
                          where d.classid = 1255 and d.objid = p.oid and d.deptype = 'e')
       order by 3
      """;

  /** Since server 14 a body may be kept as what it was understood as, and not as text. */
  private static final String BODY =
      "case when p.prosqlbody is null then p.prosrc else pg_catalog.pg_get_function_sqlbody(p.oid) end";

  private static final int BODIES_SINCE = 14;

  private static final String TRIGGERS =
      """
      select t.tgfoid, pg_catalog.format('the trigger %I of %I.%I', t.tgname, n.nspname, c.relname),
             case when c.relkind in ('r', 'p', 'f')
                  then pg_catalog.format('alter table %I.%I disable trigger %I',
                                         n.nspname, c.relname, t.tgname) end
        from pg_catalog.pg_trigger t
        join pg_catalog.pg_class c on c.oid = t.tgrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where t.tgenabled <> 'D'
       order by 2
      """;

  private static final String EVENT_TRIGGERS =
      """
      select e.evtfoid, pg_catalog.format('the event trigger %I', e.evtname),
             pg_catalog.format('alter event trigger %I disable', e.evtname)
        from pg_catalog.pg_event_trigger e
       where e.evtenabled <> 'D'
       order by 2
      """;

  private static final String EXTENSIONS =
      """
      select e.extname
        from pg_catalog.pg_extension e
       where e.extname in ('aws_lambda', 'aws_s3', 'dblink', 'http', 'pg_net', 'plperlu',
                           'plpython3u', 'plsh')
       order by 1
      """;

  private OutreachQueries() {}

  /**
   * By which a role gets to another server.
   *
   * @param drop the statement that drops it
   */
  record Mapping(String server, String drop) {}

  /**
   * A function or procedure that somebody made.
   *
   * @param words its name with its schema
   * @param trusted whether its language keeps it from the machine
   */
  record Code(long oid, String name, String words, String body, boolean trusted) {}

  /**
   * One that fires.
   *
   * @param disable the statement that disables it; empty: the server has none, as for one of a view
   */
  record Trigger(long function, String words, Optional<String> disable) {}

  static List<Mapping> mappings(Database copy) {
    return copy.list(MAPPINGS, row -> new Mapping(row.getString(1), row.getString(2)));
  }

  /** Those that are there to reach beyond. */
  static List<String> extensions(Database copy) {
    return copy.list(EXTENSIONS, row -> row.getString(1));
  }

  static List<Code> functions(Database copy) {
    return copy.list(
        FUNCTIONS.formatted(ServerInfo.of(copy).major() >= BODIES_SINCE ? BODY : "p.prosrc"),
        row ->
            new Code(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5)));
  }

  /** Those of events first: they would be told of what is done to the others. */
  static List<Trigger> triggers(Database copy) {
    List<Trigger> found = new ArrayList<>();
    for (String query : List.of(EVENT_TRIGGERS, TRIGGERS)) {
      found.addAll(
          copy.list(
              query,
              row ->
                  new Trigger(
                      row.getLong(1), row.getString(2), Optional.ofNullable(row.getString(3)))));
    }
    return found;
  }
}
