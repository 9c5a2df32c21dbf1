package dev.belay.journal;

import dev.belay.postgres.Database;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The advisory lock that stands for one target. */
final class LockQueries {
  /**
   * Of every database of the server: one Belay may have another maintenance database configured.
   */
  private static final String HOLDERS =
      """
      select l.pid, coalesce(a.query, ''), coalesce(a.application_name, '')
        from pg_catalog.pg_locks l
        left join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory'
         and l.objsubid = 1
         and l.granted
         and l.classid::bigint = (?::bigint >> 32) & 4294967295
         and l.objid::bigint = ?::bigint & 4294967295
         and l.pid <> pg_catalog.pg_backend_pid()
       order by l.pid
      """;

  /** A session that holds the lock, as the server shows it. */
  record Session(int pid, String query, String applicationName) {
    Optional<Holder> holder() {
      return Holder.read(query);
    }
  }

  private LockQueries() {}

  /** The key of a database: the same on every machine, whatever the name. */
  static long key(String database) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("belay operation lock of " + database).getBytes(StandardCharsets.UTF_8));
      long key = 0;
      for (int index = 0; index < Long.BYTES; index++) {
        key = key << 8 | (digest[index] & 0xff);
      }
      return key;
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  static boolean tryLock(Database database, long key) {
    return database.test("select pg_catalog.pg_try_advisory_lock(?)", key);
  }

  /** Waits for the lock; an error with the state LOCK_NOT_AVAILABLE when the time is over. */
  static void lock(Database database, long key, Duration longest) {
    database.execute("set lock_timeout = " + Math.max(1, longest.toMillis()));
    database.list("select 1 from pg_catalog.pg_advisory_lock(?)", row -> row.getInt(1), key);
  }

  static void unlock(Database database, long key) {
    database.list("select pg_catalog.pg_advisory_unlock(?)", row -> row.getBoolean(1), key);
  }

  static List<Session> holders(Database database, long key) {
    return database.list(
        HOLDERS, row -> new Session(row.getInt(1), row.getString(2), row.getString(3)), key, key);
  }

  /** Leaves the comment in {@code pg_stat_activity}, and proves that the session lives. */
  static void show(Database database, String comment) {
    database.number(comment + " select 1");
  }
}
