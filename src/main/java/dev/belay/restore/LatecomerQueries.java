package dev.belay.restore;

import dev.belay.core.Identifier;
import dev.belay.diff.Pair;
import dev.belay.diff.RelationColumn;
import dev.belay.integrity.ColumnShape;
import dev.belay.integrity.ColumnText;
import dev.belay.integrity.RowHash;
import dev.belay.integrity.SequenceState;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/** Finds the rows that were written since a moment, and puts them beside those of another side. */
final class LatecomerQueries {
  /** Since then a session that has ended has told everything that it wrote. */
  private static final int COUNTS_IN_TIME = 15;

  /** With the partitions of a partitioned table, whose rows lie there. */
  private static final String WRITES =
      """
      select coalesce((select r.relid
                         from pg_catalog.pg_partition_ancestors(s.relid) r
                         join pg_catalog.pg_class c on c.oid = r.relid
                        where not c.relispartition), s.relid)::int8,
             pg_catalog.sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del)::int8
        from pg_catalog.pg_stat_user_tables s
       group by 1
      """;

  private static final String TABLES =
      """
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p')
        and c.relpersistence <> 't'
        and pg_catalog.left(n.nspname, 3) <> 'pg_'
        and n.nspname <> 'information_schema'
      """;

  private LatecomerQueries() {}

  /** By table, how often rows were written to it; empty: the server cannot tell in time. */
  static Optional<Map<Long, Long>> writes(Database session) {
    if (ServerInfo.of(session).major() < COUNTS_IN_TIME
        || !session.test("select pg_catalog.current_setting('track_counts')::bool")) {
      return Optional.empty();
    }
    Map<Long, Long> writes = new HashMap<>();
    session.list(WRITES, row -> writes.put(row.getLong(1), row.getLong(2)) == null);
    return Optional.of(writes);
  }

  /** Numbers of all tables, partitions included. */
  static Set<Long> tables(Database session) {
    return new HashSet<>(session.list("select c.oid::int8" + TABLES, row -> row.getLong(1)));
  }

  /** Names of the tables that are not among the known ones; a new partition belongs to its root. */
  static List<String> madeSince(Database session, Set<Long> known) {
    Map<Long, String> found = new LinkedHashMap<>();
    session.list(
        "select c.oid::int8, n.nspname || '.' || c.relname"
            + TABLES
            + "and not c.relispartition order by 2",
        row -> found.put(row.getLong(1), row.getString(2)) == null);
    found.keySet().removeAll(known);
    return List.copyOf(found.values());
  }

  /** The oldest transaction of which the session's snapshot may not see everything. */
  static long oldest(Database snapshot) {
    return snapshot.number(
        "select pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot())");
  }

  /** The transactions whose rows the session's snapshot shows. */
  static String shown(Database snapshot) {
    return snapshot.text("select pg_catalog.txid_current_snapshot()::text");
  }

  /** The transaction that comes next, so that every one that has ended is older. */
  static long next(Database session) {
    return session.number(
        "select pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())");
  }

  /** Ends a statement of the session that takes longer. */
  static void limit(Database session, long millis) {
    session.execute("set statement_timeout = " + Math.max(1, millis));
  }

  static int pid(Database session) {
    return (int) session.number("select pg_catalog.pg_backend_pid()");
  }

  /** Makes the temporary table that rows of the pair are staged in. */
  static void prepare(Database target, Pair pair, int number) {
    target.execute(
        "create temporary table %s as select %s, false as belay_shown from %s with no data"
            .formatted(staged(number), columns(pair, ""), pair.target().from()));
  }

  /**
   * Copies the rows of the source's table that may have been written since the moment into the
   * prepared table of the other session, without taking them apart.
   *
   * @param next every transaction that has ended is older
   * @return how many
   */
  static long stage(
      Database source, Database target, Pair pair, int number, Moment since, long next) {
    String out =
        "copy (select %s, pg_catalog.txid_visible_in_snapshot(%d - %s, %s) from %s belay_row where %s) to stdout"
            .formatted(
                columns(pair, RowHash.ALIAS + "."),
                next,
                age(next),
                Identifier.literal(since.shown()) + "::pg_catalog.txid_snapshot",
                pair.source().from(),
                young(next, since.oldest()));
    String in = "copy " + staged(number) + " from stdin";
    try {
      CopyOut reading = copies(source).copyOut(out);
      CopyIn writing = copies(target).copyIn(in);
      try {
        for (byte[] row = reading.readFromCopy(); row != null; row = reading.readFromCopy()) {
          writing.writeToCopy(row, 0, row.length);
        }
        return writing.endCopy();
      } finally {
        if (writing.isActive()) {
          writing.cancelCopy();
        }
      }
    } catch (SQLException broken) {
      throw source.failure(broken);
    }
  }

  /**
   * How many rows of the source's table may have been written since the moment. Rows of savepoints
   * have numbers that no snapshot shows, so none is left out that is young.
   */
  static long late(Database source, Pair pair, Moment since, long next) {
    return source.number(
        "select pg_catalog.count(*) from %s belay_row where %s"
            .formatted(pair.source().from(), young(next, since.oldest())));
  }

  /** By how many transactions a row is older than the next; rows keep half of the digits. */
  private static String age(long next) {
    return "((%d - belay_row.xmin::text::int8) & 4294967295)".formatted(next);
  }

  private static String young(long next, long oldest) {
    return age(next) + " <= " + (next - oldest);
  }

  private static CopyManager copies(Database session) throws SQLException {
    return session.connection().unwrap(PGConnection.class).getCopyAPI();
  }

  /**
   * Adds the staged rows of which the tables have none of that key, in one statement, so that
   * foreign keys are looked at when all are there.
   *
   * @return how many were added, by place in the list
   */
  static List<Long> add(Database target, List<Pair> pairs, List<Integer> numbers) {
    List<String> parts = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    for (int place = 0; place < pairs.size(); place++) {
      Pair pair = pairs.get(place);
      // Named, since a deferrable constraint of the table is no arbiter.
      String unlike =
          pair.key().isEmpty()
              ? " where " + lacking(pair)
              : " on conflict (" + names(pair.key(), "") + ") do nothing";
      parts.add(
          "late_%d as (insert into %s (%s) overriding system value select %s from %s belay_row%s returning 1)"
              .formatted(
                  place,
                  pair.name(),
                  columns(pair, ""),
                  columns(pair, RowHash.ALIAS + "."),
                  staged(numbers.get(place)),
                  unlike));
      counts.add("(select pg_catalog.count(*) from late_" + place + ")");
    }
    return target.one(
        "with " + String.join(", ", parts) + " select array[" + String.join(", ", counts) + "]",
        row -> List.of((Long[]) row.getArray(1).getArray()));
  }

  /** Staged rows that the table lacks. */
  static long left(Database target, Pair pair, int number) {
    return target.number(
        "select pg_catalog.count(*) from %s belay_row where %s"
            .formatted(staged(number), lacking(pair)));
  }

  /** The keys of some of them, in words. */
  static List<String> leftKeys(Database target, Pair pair, int number, int most) {
    List<String> names = pair.key().isEmpty() ? pair.columns() : pair.key();
    String values =
        names.stream()
            .map(
                name ->
                    "%s || '=' || coalesce(pg_catalog.left(pg_catalog.concat(belay_row.%s), 60), 'null')"
                        .formatted(Identifier.literal(name), new Identifier(name)))
            .collect(Collectors.joining(" || ', ' || "));
    return target.list(
        "select %s from %s belay_row where %s limit %d"
            .formatted(values, staged(number), lacking(pair), most),
        row -> row.getString(1));
  }

  /**
   * A row with a key is there or not. One without was carried over before if the moment showed it,
   * or, where a part of its transaction hides that, if the like of it is there.
   */
  private static String lacking(Pair pair) {
    return pair.key().isEmpty()
        ? "(not belay_row.belay_shown or " + unlike(pair) + ")"
        : unlike(pair);
  }

  private static String unlike(Pair pair) {
    String same =
        pair.key().stream()
            .map(name -> "belay_there.%1$s = belay_row.%1$s".formatted(new Identifier(name)))
            .collect(Collectors.joining(" and "));
    String there =
        "select %s%s as belay_hash from %s belay_row"
            .formatted(
                pair.key().isEmpty() ? "" : names(pair.key(), RowHash.ALIAS + ".") + ", ",
                hash(pair),
                pair.target().from());
    return "not exists (select from (%s) belay_there where %sbelay_there.belay_hash = %s)"
        .formatted(there, same.isEmpty() ? "" : same + " and ", hash(pair));
  }

  private static String hash(Pair pair) {
    return RowHash.of(
        pair.columns().stream()
            .map(name -> pair.target().column(name).orElseThrow())
            .map(column -> new ColumnShape(column.name(), text(column)))
            .toList());
  }

  private static ColumnText text(RelationColumn column) {
    return ColumnText.of(column.typeNumber());
  }

  private static String staged(int number) {
    return "pg_temp.belay_late_" + number;
  }

  private static String columns(Pair pair, String prefix) {
    return names(pair.columns(), prefix);
  }

  private static String names(List<String> names, String prefix) {
    return names.stream()
        .map(name -> prefix + new Identifier(name))
        .collect(Collectors.joining(", "));
  }

  /** Sets a sequence to where another is. */
  static void set(Database target, SequenceState state) {
    target.number(
        "select pg_catalog.setval(?::pg_catalog.regclass, ?, ?)",
        state.name().toString(),
        state.lastValue(),
        state.called());
  }
}
