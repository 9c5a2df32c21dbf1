package dev.belay.readiness;

import dev.belay.postgres.Database;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far others are that follow this server. */
final class ReplicationQueries {
  /**
   * A standby.
   *
   * @param bytes that it has not replayed; null: this role may not see it
   * @param millis by which it was behind when it last told; 0 where it does not say
   */
  record Standby(String name, String state, @Nullable Long bytes, long millis) {}

  /**
   * A replication slot.
   *
   * @param bytes of the write-ahead log that it keeps; null: none any more
   */
  record Slot(String name, boolean active, @Nullable Long bytes, Optional<String> status) {}

  /** A backup that is being streamed is no standby. */
  private static final String STANDBYS =
      """
      select pg_catalog.format('%s%s', r.application_name,
               coalesce(' at ' || pg_catalog.host(r.client_addr), '')),
             coalesce(r.state, ''),
             pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), r.replay_lsn)::bigint,
             coalesce((extract(epoch from r.replay_lag) * 1000)::bigint, 0)
        from pg_catalog.pg_stat_replication r
       where r.state is distinct from 'backup'
       order by 1
      """;

  /** The state of what a slot keeps is there since 13. */
  private static final String SLOTS =
      """
      select s.slot_name || case when s.slot_type = 'logical'
                                 then ' (logical, of ' || s.database || ')'
                                 else ' (physical)' end,
             s.active,
             pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn)::bigint,
             pg_catalog.to_jsonb(s) ->> 'wal_status'
        from pg_catalog.pg_replication_slots s
       where not s.temporary
       order by 1
      """;

  private ReplicationQueries() {}

  static List<Standby> standbys(Database database) {
    return database.list(
        STANDBYS,
        row ->
            new Standby(
                row.getString(1),
                row.getString(2),
                row.getObject(3) == null ? null : row.getLong(3),
                row.getLong(4)));
  }

  static List<Slot> slots(Database database) {
    return database.list(
        SLOTS,
        row ->
            new Slot(
                row.getString(1),
                row.getBoolean(2),
                row.getObject(3) == null ? null : row.getLong(3),
                Optional.ofNullable(row.getString(4))));
  }
}
