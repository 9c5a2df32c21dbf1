package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the user's triggers, and switches them. */
final class TriggerQueries {
  /**
   * Those of partitions too, each by itself, roots first: each may have a state of its own. Before
   * 15 the copies that partitions have were marked as internal.
   */
  private static final String TRIGGERS =
      """
      with tables as (
        select t.relation
          from pg_catalog.unnest(?::oid[]) as t (relation)
        union
        select p.relid
          from pg_catalog.unnest(?::oid[]) as t (relation)
         cross join lateral pg_catalog.pg_partition_tree(t.relation) p)
      select g.tgrelid::int8, n.nspname, c.relname, g.tgname, g.tgenabled::text,
             pg_catalog.pg_has_role(c.relowner, 'usage')
        from tables t
        join pg_catalog.pg_trigger g on g.tgrelid = t.relation
        join pg_catalog.pg_class c on c.oid = t.relation
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where g.tgenabled in ('O', 'A')
         and (not g.tgisinternal
              or (g.tgconstraint = 0
                  and coalesce((pg_catalog.to_jsonb(g) ->> 'tgparentid')::int8, 0) <> 0))
       order by c.relispartition, n.nspname, c.relname, g.tgname
      """;

  private TriggerQueries() {}

  /** Those that are on. */
  static List<UserTrigger> of(Database session, Collection<Long> tables) {
    String array = ForeignKeyQueries.array(tables);
    return session.list(
        TRIGGERS,
        row ->
            new UserTrigger(
                row.getLong(1),
                new TableName(row.getString(2), row.getString(3)),
                row.getString(4),
                row.getString(5),
                row.getBoolean(6)),
        array,
        array);
  }

  /** Names of event triggers that are on. */
  static List<String> eventTriggers(Database session) {
    return session.list(
        """
        select evtname
          from pg_catalog.pg_event_trigger
         where evtenabled in ('O', 'A')
         order by evtname
        """,
        row -> row.getString(1));
  }

  /** The rules of a table that rewrite what is written to it. */
  static List<String> rules(Database session, long table) {
    return session.list(
        """
        select rulename
          from pg_catalog.pg_rewrite
         where ev_class = ?::int8::oid
           and ev_type in ('2', '3', '4')
           and ev_enabled in ('O', 'A')
         order by rulename
        """,
        row -> row.getString(1),
        table);
  }

  static void off(Database session, TableName table, List<UserTrigger> triggers) {
    session.execute(
        "alter table only "
            + table
            + triggers.stream()
                .map(trigger -> " disable trigger " + new Identifier(trigger.name()))
                .collect(Collectors.joining(",")));
  }

  /** As they were. */
  static void on(Database session, TableName table, List<UserTrigger> triggers) {
    session.execute(
        "alter table only "
            + table
            + triggers.stream()
                .map(
                    trigger ->
                        (trigger.mode().equals("A")
                                ? " enable always trigger "
                                : " enable trigger ")
                            + new Identifier(trigger.name()))
                .collect(Collectors.joining(",")));
  }
}
