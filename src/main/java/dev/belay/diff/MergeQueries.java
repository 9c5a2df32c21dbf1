package dev.belay.diff;

import dev.belay.postgres.Database;
import java.util.Optional;

/** Keeps tables as they are while they are merged. */
final class MergeQueries {
  private MergeQueries() {}

  /** Where the server can, since 14: after {@code kill -9} it ends a long statement by itself. */
  static void noticeAGoneClient(Database session) {
    session.list(
        """
        select pg_catalog.set_config(s.name, '10s', false)
          from pg_catalog.pg_settings s
         where s.name = 'client_connection_check_interval'
        """,
        row -> row.getString(1));
  }

  /**
   * Keeps others from emptying, rewriting or dropping a table, which a snapshot does not protect
   * from; reading and writing goes on.
   */
  static int keep(Database session, Relation relation) {
    return session.execute("lock table " + relation.from() + " in access share mode");
  }

  /** Who keeps everybody else from a table or one of its partitions, in words. */
  static Optional<String> holders(Database session, Relation relation) {
    return session.first(
        """
        select pg_catalog.string_agg(
                 pg_catalog.format(
                   'pid %s (user %s, application "%s", %s since %s)',
                   a.pid, coalesce(a.usename::text, '?'), coalesce(a.application_name, ''),
                   coalesce(a.state, '?'),
                   pg_catalog.date_trunc('second', coalesce(a.xact_start, a.backend_start))),
                 ', ')
          from pg_catalog.pg_stat_activity a
         where a.pid in (
                 select l.pid
                   from pg_catalog.pg_locks l
                  where l.locktype = 'relation'
                    and l.mode = 'AccessExclusiveLock'
                    and l.granted
                    and l.pid <> pg_catalog.pg_backend_pid()
                    and (l.relation = ?::int8::oid
                         or pg_catalog.pg_partition_root(l.relation) = ?::int8::oid))
        having pg_catalog.count(*) > 0
        """,
        row -> row.getString(1), relation.oid(), relation.oid());
  }
}
