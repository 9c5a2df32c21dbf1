package dev.belay.scratch;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * What a recorder asks the server, in the session of the migration. A row of the catalogue that a
 * transaction wrote carries its number in {@code xmin}, so that what changed is found without a
 * copy of the catalogue to compare with.
 */
final class RecorderQueries {
  /** The age that includes every row. */
  static final long EVERYTHING = Integer.MAX_VALUE;

  /** What belongs to a session alone. */
  private static final Pattern TEMPORARY =
      Pattern.compile("(?:^|^for | on )pg_(?:toast_)?temp(?:_\\d+)?(?:\\.|$)");

  private static final List<CatalogueSource> SOURCES = CatalogueSources.ALL;

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

  /** Entries of pg_depend, in the form of the others; parts of one object are of no interest. */
  private static final String REFERENCES =
      """
      select 'pg_depend', d.classid, d.objid, d.objsubid, d.refobjsubid::text, d.refobjid::bigint,
             d.deptype in ('a', 'i'), d.refclassid::text, ''
        from pg_catalog.pg_depend d
       where d.objid >= 16384 and d.refobjid >= 16384
         and (d.classid, d.objid) <> (d.refclassid, d.refobjid)
         and pg_catalog.age(d.xmin) <= $age""";

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
                      SOURCES.stream().map(CatalogueSource::catalog),
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

  /** What it waits for comes with what it has, as one look. */
  private static final String LOCKS =
      """
      select l.relation, l.mode, l.granted
        from pg_catalog.pg_locks l
       where l.pid = ?
         and l.locktype = 'relation'
      """;

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

  private static final String OWN =
      """
      select c.oid
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ?
      union all
      select x.indexrelid
        from pg_catalog.pg_index x
        join pg_catalog.pg_class c on c.oid = x.indrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ?
      """;

  private RecorderQueries() {}

  /**
   * A row of the catalogue.
   *
   * @param source the catalogue that it is in
   * @param digest of what defines the object; null: of a column that was dropped
   * @param storage the file of a relation; 0 for what has none
   */
  record CatalogRow(
      RecordedObject object, String source, @Nullable String digest, long storage, String key) {
    /** Whether the row only says that something was there. */
    boolean isGone() {
      return digest == null;
    }
  }

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

  /** A table and its indexes. */
  static Set<Long> own(Database session, TableName table) {
    return Set.copyOf(
        session.list(
            OWN,
            row -> row.getLong(1),
            table.schema(),
            table.table(),
            table.schema(),
            table.table()));
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

  /** The catalogues that hold objects. */
  static Set<String> catalogs() {
    return SOURCES.stream()
        .map(CatalogueSource::catalog)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What the catalogue says. */
  record Entries(List<CatalogRow> rows, List<ObjectReference> references) {}

  /**
   * The rows of some catalogues that are not older than that.
   *
   * @param catalogs their names; {@code pg_depend} may be among them
   * @param age in transactions
   * @param relations the relations that are known, by their oids; new ones are added
   */
  static Entries changed(
      Database session, Set<String> catalogs, long age, Map<Long, RecordedObject> relations) {
    List<String> parts = new ArrayList<>();
    SOURCES.stream()
        .filter(source -> catalogs.contains(source.catalog()))
        .map(CatalogueSource::changed)
        .forEach(parts::add);
    if (catalogs.contains("pg_depend")) {
      parts.add(REFERENCES);
    }
    List<CatalogRow> rows = new ArrayList<>();
    List<ObjectReference> references = new ArrayList<>();
    if (!parts.isEmpty()) {
      // The age as a number in the text would make each statement a new one to the server.
      String sql =
          "with l as materialized (select ?::bigint as age)\n"
              + String.join("\nunion all\n", parts).replace("$age", "(select age from l)");
      session.list(sql, row -> add(row, relations, rows, references), age);
    }
    return new Entries(rows, references);
  }

  private static boolean add(
      ResultSet row,
      Map<Long, RecordedObject> relations,
      List<CatalogRow> rows,
      List<ObjectReference> references)
      throws SQLException {
    String source = row.getString(1);
    ObjectAddress address = new ObjectAddress(row.getLong(2), row.getLong(3), row.getInt(4));
    if (source.equals("pg_depend")) {
      return references.add(
          new ObjectReference(
              address,
              new ObjectAddress(
                  Long.parseLong(row.getString(8)),
                  row.getLong(6),
                  Integer.parseInt(row.getString(5))),
              row.getBoolean(7)));
    }
    String type = row.getString(8);
    String identity = row.getString(9);
    boolean relationIsInternal = false;
    if (source.equals("pg_attribute")) {
      // Relations come first, so that a column knows its own.
      RecordedObject relation = relations.get(address.object());
      relationIsInternal = relation == null || relation.internal();
      type = relation == null ? "column" : relation.type() + " column";
      identity = (relation == null ? "" : relation.identity() + ".") + identity;
    }
    boolean internal = row.getBoolean(7) || isInternal(type, identity) || relationIsInternal;
    RecordedObject object =
        new RecordedObject(
            address, type == null ? source : type, identity == null ? "" : identity, internal);
    if (source.equals("pg_class")) {
      relations.put(address.object(), object);
    }
    return rows.add(
        new CatalogRow(object, source, row.getString(5), row.getLong(6), source + " " + address));
  }

  /**
   * Columns of what has none that anybody wrote, the rule that is a view's query, and what goes
   * with its session.
   */
  private static boolean isInternal(@Nullable String type, @Nullable String identity) {
    return type != null
        && (type.startsWith("toast table")
            || type.equals("index column")
            || (identity != null
                && (TEMPORARY.matcher(identity).find()
                    || (type.equals("rule") && identity.startsWith("\"_RETURN\" on ")))));
  }

  /** The keys of all rows of a catalogue. */
  static List<String> keys(Database session, String catalog) {
    String sql =
        SOURCES.stream()
            .filter(source -> source.catalog().equals(catalog))
            .findFirst()
            .orElseThrow()
            .keys();
    return session.list(
        sql,
        row -> catalog + " " + new ObjectAddress(row.getLong(1), row.getLong(2), row.getInt(3)));
  }

  /**
   * What a server process has locked at one moment.
   *
   * @param relations those that people made, the one that it waits for among them
   * @param waits whether it waits for the lock of a relation
   */
  record Held(Map<Long, Set<LockMode>> relations, boolean waits) {}

  /** The locks of a server process that works in the database of the session. */
  static Held locks(Database session, int pid) {
    Map<Long, Set<LockMode>> locks = new HashMap<>();
    boolean[] waits = new boolean[1];
    session.list(
        LOCKS,
        row -> {
          waits[0] |= !row.getBoolean(3);
          return row.getLong(1) >= CatalogueSources.FIRST_OWN_OID
              && locks
                  .computeIfAbsent(row.getLong(1), relation -> new TreeSet<>())
                  .add(LockMode.of(row.getString(2)));
        },
        pid);
    return new Held(locks, waits[0]);
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
