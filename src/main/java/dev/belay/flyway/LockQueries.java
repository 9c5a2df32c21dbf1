package dev.belay.flyway;

import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks an advisory lock up. */
final class LockQueries {
  /** An advisory lock with one key of 64 bits is shown as two halves, with 1 in objsubid. */
  private static final String HOLDER =
      """
      select l.pid, a.usename, a.application_name, coalesce(a.xact_start, a.backend_start)
        from pg_catalog.pg_locks l
        left join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory'
         and l.objsubid = 1
         and l.granted
         and l.pid is not null
         and l.database = (select d.oid from pg_catalog.pg_database d
                            where d.datname = pg_catalog.current_database())
         and ((l.classid::bigint << 32) | l.objid::bigint) = ?
       order by l.pid
       limit 1
      """;

  private LockQueries() {}

  static Optional<LockHolder> holder(Database database, long key) {
    return database.first(HOLDER, LockQueries::row, key);
  }

  private static LockHolder row(ResultSet row) throws SQLException {
    return new LockHolder(row.getInt(1), row.getString(2), row.getString(3), moment(row));
  }

  private static @Nullable Instant moment(ResultSet row) throws SQLException {
    OffsetDateTime at = row.getObject(4, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
