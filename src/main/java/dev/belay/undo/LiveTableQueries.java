package dev.belay.undo;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What is asked of the live database, which is only read, and never for long. */
public final class LiveTableQueries {
  /** Counting so many bytes takes less than reading about them. */
  private static final long CHEAP_BYTES = 64_000_000;

  private static final String LIMITS =
      """
      select pg_catalog.set_config('statement_timeout', ?, false),
             pg_catalog.set_config('lock_timeout', ?, false)
      """;

  private static final String KIND =
      """
      select c.oid, c.relkind = 'p'
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p', 'm')
      """;

  /** A partitioned table is as large as those of its partitions that hold rows. */
  private static final String SIZE =
      """
      select pg_catalog.sum(pg_catalog.pg_total_relation_size(c.oid)),
             pg_catalog.sum(pg_catalog.pg_relation_size(c.oid)),
             pg_catalog.sum(
               case when c.relpages > 0 and c.reltuples >= 0
                    then c.reltuples / c.relpages * pg_catalog.pg_relation_size(c.oid)
                         / pg_catalog.current_setting('block_size')::pg_catalog.int4
                    when pg_catalog.pg_relation_size(c.oid) = 0 then 0 end),
             pg_catalog.count(*)
        from pg_catalog.pg_class c
       where c.oid = ?
          or c.oid in (select t.relid from pg_catalog.pg_partition_tree(?::pg_catalog.oid) t
                        where t.isleaf and ?)
      """;

  private static final String NULLS =
      """
      select s.null_frac
        from pg_catalog.pg_stats s
       where s.schemaname = ? and s.tablename = ? and s.attname = ?
       order by s.inherited desc
      """;

  private static final String IN =
      """
      select n.nspname, c.relname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relkind in ('r', 'p') and not c.relispartition
       order by c.relname
      """;

  private LiveTableQueries() {}

  /** The tables of a schema, without partitions of others. */
  static List<TableName> in(Database live, String schema) {
    return live.list(IN, row -> new TableName(row.getString(1), row.getString(2)), schema);
  }

  /** Makes the session one that cannot write, and in which nothing takes longer than that. */
  public static void readOnly(Database live, Duration longest) {
    String millis = String.valueOf(Math.max(1, longest.toMillis()));
    live.readingOnly().list(LIMITS, row -> row.getString(1), millis, millis);
  }

  private record Found(long oid, boolean partitioned) {}

  private record Measured(long bytes, long heapBytes, Optional<Long> rows, int parts) {}

  /** The table of that name; empty when there is none. */
  public static Optional<LiveTable> table(Database live, TableName name) {
    return live.first(
            KIND, row -> new Found(row.getLong(1), row.getBoolean(2)), name.schema(), name.table())
        .map(found -> measured(live, name, found));
  }

  private static LiveTable measured(Database live, TableName name, Found found) {
    try {
      Measured measured =
          live.one(
              SIZE,
              row -> {
                double rows = row.getDouble(3);
                boolean known = !row.wasNull();
                return new Measured(
                    row.getLong(1),
                    row.getLong(2),
                    known ? Optional.of(Math.round(rows)) : Optional.empty(),
                    row.getInt(4));
              },
              found.oid(),
              found.oid(),
              found.partitioned());
      Amount about = measured.rows().map(Amount::about).orElse(Amount.UNKNOWN);
      Amount rows = measured.heapBytes() <= CHEAP_BYTES ? rows(live, name, about) : about;
      int partitions = found.partitioned() ? measured.parts() - 1 : 0;
      return new LiveTable(name, Optional.of(measured.bytes()), rows, partitions);
    } catch (Failure failure) {
      if (isOfThisTable(failure)) {
        return new LiveTable(name, Optional.empty(), Amount.UNKNOWN, 0);
      }
      throw failure;
    }
  }

  /** Its rows, counted if that may be and does not take too long. */
  public static Amount rows(Database live, TableName name, Amount otherwise) {
    return counted(live, "select pg_catalog.count(*) from " + name, () -> otherwise);
  }

  /** How many rows have a value in a column. */
  public static Amount values(Database live, TableName name, String column, Amount rows) {
    String sql = "select pg_catalog.count(" + new Identifier(column) + ") from " + name;
    return counted(live, sql, () -> estimated(live, name, column, rows, false));
  }

  /** How many rows have no value in a column. */
  public static Amount nulls(Database live, TableName name, String column, Amount rows) {
    String sql =
        "select pg_catalog.count(*) from " + name + " where " + new Identifier(column) + " is null";
    return counted(live, sql, () -> estimated(live, name, column, rows, true));
  }

  private static Amount estimated(
      Database live, TableName name, String column, Amount rows, boolean nulls) {
    Optional<Double> share =
        live.first(NULLS, row -> row.getDouble(1), name.schema(), name.table(), column);
    if (share.isEmpty() || rows.number().isEmpty()) {
      return Amount.UNKNOWN;
    }
    double part = nulls ? share.get() : 1 - share.get();
    return Amount.about(Math.round(rows.number().get() * part));
  }

  private static Amount counted(Database live, String sql, Supplier<Amount> estimate) {
    try {
      return Amount.counted(live.number(sql));
    } catch (Failure failure) {
      if (isOfThisTable(failure)) {
        return estimate.get();
      }
      throw failure;
    }
  }

  /** A table that may not be read, is locked or is too large for the time is no failure. */
  private static boolean isOfThisTable(Failure failure) {
    return SqlState.INSUFFICIENT_PRIVILEGE.isOf(failure)
        || SqlState.QUERY_CANCELED.isOf(failure)
        || SqlState.LOCK_NOT_AVAILABLE.isOf(failure);
  }
}
