package dev.belay.integrity;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lists what checks go through, and reads the rows of checks as findings. */
final class CheckQueries {
  private static final String ROWS = "rows";
  private static final String EXAMPLES = "examples";
  private static final int LONGEST_VALUE = 300;
  private static final int PER_FETCH = 500;

  /**
   * Asking for the size of a table that is locked exclusively would be waiting for it, so what the
   * last ANALYZE saw is taken.
   */
  private static final String RELATIONS =
      """
      select c.oid, n.nspname, c.relname, rn.nspname, r.relname, c.relkind in ('v', 'm'),
             case when c.relkind <> 'r' then 0
                  when c.oid = any (l.relations) then greatest(c.relpages, 0)
                  else coalesce(pg_catalog.pg_relation_size(c.oid), 0)
                         / pg_catalog.current_setting('block_size')::bigint end,
             c.reltuples,
             case when c.relkind <> 'r' then 0
                  when c.oid = any (l.relations)
                  then greatest(c.relpages, 0)
                         * pg_catalog.current_setting('block_size')::bigint
                  else coalesce(pg_catalog.pg_table_size(c.oid), 0) end,
             coalesce(m.amname = 'heap', false)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_class r
          on r.oid = case when c.relispartition then pg_catalog.pg_partition_root(c.oid)
                          else c.oid end
        join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
        left join pg_catalog.pg_am m on m.oid = c.relam
       cross join (
         select coalesce(pg_catalog.array_agg(k.relation), '{}')
           from pg_catalog.pg_locks k
          where k.locktype = 'relation'
            and k.mode = 'AccessExclusiveLock'
            and k.pid <> pg_catalog.pg_backend_pid()) l (relations)
       where c.relkind in ('r', 'v', 'm')
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname <> 'information_schema'
       order by c.oid
      """;

  private static final String SETTINGS =
      """
      select pg_catalog.set_config('belay.relations', ?, false),
             pg_catalog.set_config('belay.from_page', ?, false),
             pg_catalog.set_config('belay.to_page', ?, false)
      """;

  private static final String STILL_THERE =
      """
      select c.oid from pg_catalog.pg_class c
       where c.oid = any (pg_catalog.string_to_array(?, ',')::oid[])
      """;

  private static final String ONLY_WHERE =
      """
      select c.oid
        from pg_catalog.pg_class c
       where c.relkind = 'r'
         and (%s)
      """;

  private record Column(String name, boolean array) {}

  private CheckQueries() {}

  static List<Relation> relations(Database session) {
    boolean ranges = ServerInfo.of(session).major() >= 14;
    return session.list(
        RELATIONS,
        row ->
            new Relation(
                row.getLong(1),
                new TableName(row.getString(2), row.getString(3)),
                new TableName(row.getString(4), row.getString(5)),
                row.getBoolean(6),
                row.getLong(7),
                row.getDouble(8),
                row.getLong(9),
                row.getBoolean(10) && ranges));
  }

  /** Of these numbers, those of relations that are there now. */
  static List<Long> stillThere(Database session, String numbers) {
    return session.list(STILL_THERE, row -> row.getLong(1), numbers);
  }

  /** The numbers of the tables of which a check has anything to say. */
  static Set<Long> worthwhile(Database session, String onlyWhere) {
    return new HashSet<>(session.list(ONLY_WHERE.formatted(onlyWhere), row -> row.getLong(1)));
  }

  /** Nothing is changed in this session any more, and no statement waits longer for a lock. */
  static void prepare(Database session, long lockMillis, int most) {
    session.readingOnly();
    session.execute("set lock_timeout = " + lockMillis);
    session.execute("set max_parallel_workers_per_gather = 0");
    session.execute("set enable_tidscan = on");
    session.execute("set belay.max_rows = " + most);
  }

  /** What the next {@link #read} of a check looks at. */
  static void lookAt(Database session, String numbers, OptionalLong from, OptionalLong to) {
    session.list(
        SETTINGS,
        row -> row.getString(1),
        numbers,
        from.isPresent() ? String.valueOf(from.getAsLong()) : "",
        to.isPresent() ? String.valueOf(to.getAsLong()) : "");
  }

  /** The rows of a check that comes with Belay, which are few. */
  static List<Finding> read(Database session, Check check) {
    return session.list(check.sql(), CheckQueries::finding);
  }

  private static Finding finding(ResultSet row) throws SQLException {
    ResultSetMetaData columns = row.getMetaData();
    Map<String, @Nullable String> place = new LinkedHashMap<>();
    long rows = 1;
    List<String> examples = List.of();
    for (int column = 1; column <= columns.getColumnCount(); column++) {
      String name = columns.getColumnLabel(column);
      if (name.equals(ROWS)) {
        rows = row.getLong(column);
      } else if (name.equals(EXAMPLES)) {
        examples = texts(row.getArray(column));
      } else {
        place.put(name, row.getString(column));
      }
    }
    return new Finding(place, rows, examples);
  }

  private static List<String> texts(@Nullable Array array) throws SQLException {
    if (array == null) {
      return List.of();
    }
    return Arrays.stream((Object[]) array.getArray())
        .filter(Objects::nonNull)
        .map(Object::toString)
        .toList();
  }

  /**
   * Reads the rows of any one query through a cursor, in the transaction that is open: the first so
   * many as findings, of the others only their number. The server itself refuses whatever is no
   * query, and only short values leave it.
   *
   * @param wanted which of them count
   * @param most how many of them are sent; all when only some are wanted
   * @param millisLeft how long a statement may take from now on; asked before each
   */
  static void stream(
      Database session,
      String sql,
      Tally tally,
      Predicate<Finding> wanted,
      int most,
      LongSupplier millisLeft) {
    try (Statement statement = session.connection().createStatement()) {
      // Otherwise the driver would take {d '2024-01-01'}, and a question mark, for its own.
      statement.setEscapeProcessing(false);
      timeout(statement, millisLeft);
      List<Column> columns = describe(statement, sql);
      statement.execute(
          "declare belay_findings no scroll cursor for " + projection(sql, columns, most));
      long seen = 0;
      boolean more = true;
      while (more) {
        timeout(statement, millisLeft);
        long before = seen;
        try (ResultSet rows =
            statement.executeQuery("fetch forward " + PER_FETCH + " from belay_findings")) {
          while (rows.next()) {
            seen++;
            long stands = Math.max(1, rows.getLong(2));
            if (seen <= most) {
              Finding finding = finding(columns, rows, stands);
              if (wanted.test(finding)) {
                tally.add(finding);
              }
            } else {
              tally.addUnseen(1, stands);
            }
          }
        }
        more = seen - before == PER_FETCH;
      }
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }

  /** A rule could have set it otherwise. */
  private static void timeout(Statement statement, LongSupplier millisLeft) throws SQLException {
    statement.execute("set local statement_timeout = " + millisLeft.getAsLong());
  }

  private static List<Column> describe(Statement statement, String sql) throws SQLException {
    statement.execute(
        "declare belay_columns no scroll cursor for select * from ("
            + sql
            + "\n) as belay_rule limit 0");
    List<Column> columns = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery("fetch forward 1 from belay_columns")) {
      ResultSetMetaData described = rows.getMetaData();
      for (int column = 1; column <= described.getColumnCount(); column++) {
        columns.add(
            new Column(
                described.getColumnLabel(column),
                described.getColumnTypeName(column).startsWith("_")));
      }
    }
    statement.execute("close belay_columns");
    return columns;
  }

  /** By position, since two columns may have one name, and a name may be any text. */
  private static String projection(String sql, List<Column> columns, int most) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    String rows = "1";
    String examples = "null::text[]";
    for (int number = 1; number <= columns.size(); number++) {
      Column column = columns.get(number - 1);
      String name = "belay_c" + number;
      names.add(name);
      String text = "pg_catalog.left(" + name + "::text, " + LONGEST_VALUE + ")";
      values.add(text);
      if (column.name().equals(ROWS)) {
        rows =
            "case when "
                + name
                + "::text ~ '^[0-9]{1,18}$' then "
                + name
                + "::text::bigint else 1 end";
      } else if (column.name().equals(EXAMPLES) && column.array()) {
        examples =
            "array(select pg_catalog.left(e::text, %d) from pg_catalog.unnest(%s) as e limit %d)"
                .formatted(LONGEST_VALUE, name, most);
      }
    }
    if (columns.isEmpty()) {
      return "select null::text[], 1, null::text[] from (" + sql + "\n) as belay_rule";
    }
    String numbered = "pg_catalog.row_number() over () <= " + most;
    return """
        with belay_rule (%s) as (%s
        ) select case when %s then array[%s] end, %s, case when %s then %s end, %s from belay_rule
        """
        .formatted(
            String.join(", ", names),
            sql,
            numbered,
            String.join(", ", values),
            rows,
            numbered,
            examples,
            everyColumn(names));
  }

  /** Else the server would leave out what is not sent, and with it the errors that psql shows. */
  private static String everyColumn(List<String> names) {
    List<String> parts = new ArrayList<>();
    for (int from = 0; from < names.size(); from += 50) {
      List<String> some = names.subList(from, Math.min(names.size(), from + 50));
      parts.add("pg_catalog.num_nulls(" + String.join(", ", some) + ")");
    }
    return String.join(" + ", parts);
  }

  private static Finding finding(List<Column> columns, ResultSet row, long rows)
      throws SQLException {
    Array array = row.getArray(1);
    Object[] values = array == null ? new Object[0] : (Object[]) array.getArray();
    List<String> examples = texts(row.getArray(3));
    Map<String, @Nullable String> place = new LinkedHashMap<>();
    for (int column = 0; column < values.length; column++) {
      String name = columns.get(column).name();
      boolean special = name.equals(ROWS) || (name.equals(EXAMPLES) && columns.get(column).array());
      if (!special) {
        Object value = values[column];
        place.put(unused(place, name), value == null ? null : value.toString());
      }
    }
    return new Finding(place, rows, examples);
  }

  private static String unused(Map<String, ?> place, String name) {
    String free = name;
    for (int number = 2; place.containsKey(free); number++) {
      free = name + " " + number;
    }
    return free;
  }

  /** Where a rule looks for names that have no schema: as psql would, or in an app's schemas. */
  static void searchIn(Database session, List<String> schemas) {
    session.execute(
        schemas.isEmpty()
            ? "reset search_path"
            : "set search_path = "
                + String.join(
                    ", ", schemas.stream().map(name -> new Identifier(name).toString()).toList()));
  }
}
