package dev.belay.scratch;

import dev.belay.postgres.Database;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** Asks what the open transaction of a migration did, in the session of the migration. */
final class TransactionQueries {
  /** Catalogues that all databases share, without what every new object writes there. */
  private static final List<String> SHARED =
      List.of(
          "pg_authid",
          "pg_auth_members",
          "pg_database",
          "pg_db_role_setting",
          "pg_replication_origin",
          "pg_shdescription",
          "pg_shseclabel",
          "pg_subscription",
          "pg_tablespace");

  /**
   * What the open transaction did, by the counters that the server keeps for its statistics: which
   * catalogues it wrote, which rows of which tables, and which locks it holds. From 15 on the
   * counters begin anew with the next transaction.
   */
  private static final String TRANSACTION =
      """
      select 'age', pg_catalog.txid_current(),
             pg_catalog.age((pg_catalog.txid_current() & 4294967295)::text::pg_catalog.xid)::bigint,
             0::bigint, 0::bigint, null
      union all
      select 'rows', c.oid::bigint,
             pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
             pg_catalog.pg_stat_get_xact_tuples_updated(c.oid),
             pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid), null
        from pg_catalog.pg_class c
       where c.oid >= 16384 and c.relkind in ('r', 'm', 'f')
         and (pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) > 0
              or pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) > 0
              or pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) > 0)
      union all
      select 'catalog', 0, w.written, 0, w.deleted, w.name
        from (select k.name, pg_catalog.pg_stat_get_xact_tuples_deleted(k.oid) as deleted,
                     pg_catalog.pg_stat_get_xact_tuples_inserted(k.oid)
                       + pg_catalog.pg_stat_get_xact_tuples_updated(k.oid) as written
                from (values %1$s) as k (name, oid)) w
       where w.written + w.deleted > 0
      union all
      select 'lock', l.relation::bigint, 0, 0, 0, l.mode
        from pg_catalog.pg_locks l
       where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.relation >= 16384
      union all
      select 'shared', 0, 0, 0, 0, null
       where exists (select from pg_catalog.pg_locks l
                      where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation'
                        and l.database = 0 and l.relation in (%2$s)
                        and l.mode not in ('AccessShareLock', 'RowShareLock'))
      """
          .formatted(
              Stream.of(
                      CatalogueSources.ALL.stream().map(CatalogueSource::catalog),
                      SHARED.stream(),
                      Stream.of("pg_depend"))
                  .flatMap(names -> names)
                  .map(
                      name ->
                          "('%s', 'pg_catalog.%s'::pg_catalog.regclass::pg_catalog.oid)"
                              .formatted(name, name))
                  .collect(Collectors.joining(", ")),
              SHARED.stream()
                  .map(
                      name ->
                          "pg_catalog.to_regclass('pg_catalog.%s')::pg_catalog.oid".formatted(name))
                  .collect(Collectors.joining(", ")));

  private static final String FLUSH = "select pg_catalog.pg_stat_force_next_flush()";

  private static final String ROWS =
      """
      select c.oid,
             pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
             pg_catalog.pg_stat_get_xact_tuples_updated(c.oid),
             pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
        from pg_catalog.pg_class c
       where c.oid >= 16384 and c.relkind in ('r', 'm', 'f')
         and (pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) > 0
              or pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) > 0
              or pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) > 0)
      """;

  private TransactionQueries() {}

  /** Rows changed in the transaction, so far. */
  record RowCounts(long inserted, long updated, long deleted) {
    static final RowCounts NONE = new RowCounts(0, 0, 0);

    RowCounts plus(RowCounts more) {
      return new RowCounts(
          inserted + more.inserted, updated + more.updated, deleted + more.deleted);
    }

    RowCounts minus(RowCounts less) {
      return new RowCounts(
          inserted - less.inserted, updated - less.updated, deleted - less.deleted);
    }
  }

  /** The transactions with this number, with its epoch, and later ones are those to come. */
  static long nextTransaction(Database session) {
    return session.number(
        "select pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())");
  }

  /** The age, in transactions, of rows that were written since that transaction. */
  static long ageOf(Database session, long transaction) {
    return session.number(
        "select pg_catalog.age(?::text::pg_catalog.xid)",
        String.valueOf(transaction & 0xffffffffL));
  }

  /** Whether a transaction is open, whoever began it. */
  static boolean isInTransaction(Database session) {
    try {
      return session.connection().unwrap(BaseConnection.class).getTransactionState()
          != TransactionState.IDLE;
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }

  /** Whether the transaction of that number is the one that is open. */
  static boolean isOpen(Database session, long transaction) {
    return session.test(
        "select coalesce(pg_catalog.txid_current_if_assigned() = ?, false)", transaction);
  }

  /** Whether the server counts what transactions write. */
  static boolean keepsCounts(Database session) {
    return session.test("select pg_catalog.current_setting('track_counts')::boolean");
  }

  /** The number of the server process of the session. */
  static int pid(Database session) {
    return (int) session.number("select pg_catalog.pg_backend_pid()");
  }

  /**
   * What the open transaction did so far.
   *
   * @param number of the transaction, with its epoch
   * @param age of the transaction itself; nothing that it wrote is older
   * @param written catalogues with rows that it inserted or updated
   * @param deleted catalogues with rows that it deleted
   * @param lockedShared whether it holds the lock to write a catalogue that all databases share
   */
  record Transaction(
      long number,
      long age,
      Set<String> written,
      Set<String> deleted,
      Map<Long, RowCounts> rows,
      Map<Long, Set<LockMode>> locks,
      boolean lockedShared) {
    /** Whether it may have written a catalogue that all databases of the server share. */
    boolean wroteShared() {
      return lockedShared
          || written.stream().anyMatch(SHARED::contains)
          || deleted.stream().anyMatch(SHARED::contains);
    }
  }

  /** Asks for all of it at once. */
  static Transaction transaction(Database session) {
    Set<String> written = new TreeSet<>();
    Set<String> deleted = new TreeSet<>();
    Map<Long, RowCounts> rows = new HashMap<>();
    Map<Long, Set<LockMode>> locks = new HashMap<>();
    long[] age = new long[2];
    boolean[] shared = new boolean[1];
    session.list(
        TRANSACTION,
        row -> {
          switch (row.getString(1)) {
            case "age" -> {
              age[0] = row.getLong(2);
              age[1] = row.getLong(3);
            }
            case "rows" ->
                rows.put(
                    row.getLong(2), new RowCounts(row.getLong(3), row.getLong(4), row.getLong(5)));
            case "catalog" -> {
              if (row.getLong(3) > 0) {
                written.add(row.getString(6));
              }
              if (row.getLong(5) > 0) {
                deleted.add(row.getString(6));
              }
            }
            case "shared" -> shared[0] = true;
            default ->
                locks
                    .computeIfAbsent(row.getLong(2), relation -> new TreeSet<>())
                    .add(LockMode.of(row.getString(6)));
          }
          return true;
        });
    return new Transaction(age[0], age[1], written, deleted, rows, locks, shared[0]);
  }

  /** Lets the counters begin anew with the next transaction, where the server can. */
  static void beginCountsAnew(Database session) {
    session.list(FLUSH, row -> true);
  }

  /** Rows changed per table; may hold what the transaction before changed, too. */
  static Map<Long, RowCounts> rows(Database session) {
    Map<Long, RowCounts> rows = new HashMap<>();
    session.list(
        ROWS,
        row ->
            rows.put(row.getLong(1), new RowCounts(row.getLong(2), row.getLong(3), row.getLong(4)))
                == null);
    return rows;
  }
}
