package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads Flyway's history table. May be used within a transaction: a missing table is no error. */
public final class HistoryQueries {
  private static final List<String> COLUMNS =
      List.of(
          "installed_rank",
          "version",
          "description",
          "type",
          "script",
          "checksum",
          "installed_by",
          "installed_on",
          "execution_time",
          "success");

  /** The columns of the table; no row when there is no such table. */
  private static final String TABLE =
      """
      select coalesce(
               (select pg_catalog.array_agg(a.attname::text)
                  from pg_catalog.pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
               '{}')
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f')
      """;

  /** What the table is, and its columns with their types; one row for each column. */
  private static final String FORM =
      """
      select c.relkind::text, a.attname::text,
             pg_catalog.format_type(a.atttypid, a.atttypmod)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = c.oid
       where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f')
         and a.attnum > 0 and not a.attisdropped
       order by a.attnum
      """;

  private static final String ROWS =
      """
      select installed_rank, version, description, type, script, checksum,
             installed_by, installed_on, execution_time, success
        from %s
       order by installed_rank
      """;

  /** What Flyway calls a schema that is not empty, but for what extensions own. */
  private static final String OCCUPIED =
      """
      select exists (
               select
                 from pg_catalog.pg_class c
                 join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where n.nspname = any (?)
                  and c.relkind in ('r', 'v', 'S', 'm', 'f', 'p')
                  and not exists (select from pg_catalog.pg_depend d
                                   where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                                     and d.objid = c.oid and d.deptype = 'e'))
          or exists (
               select
                 from pg_catalog.pg_proc p
                 join pg_catalog.pg_namespace n on n.oid = p.pronamespace
                where n.nspname = any (?)
                  and not exists (select from pg_catalog.pg_depend d
                                   where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                                     and d.objid = p.oid and d.deptype = 'e'))
      """;

  private HistoryQueries() {}

  /**
   * The history of one app. A table that is not there is an answer, not an error.
   *
   * @throws Failure UNAVAILABLE when the table may not be read, or is no history of Flyway
   */
  public static MigrationHistory read(Database database, AppSettings app) {
    TableName name = new TableName(app.historySchema(), app.historyTable());
    Optional<List<String>> columns =
        database.first(TABLE, HistoryQueries::columns, name.schema(), name.table());
    if (columns.isEmpty()) {
      return MigrationHistory.absent(app.name(), name.schema(), name.table());
    }
    List<String> missing = new ArrayList<>(COLUMNS);
    missing.removeAll(columns.get());
    if (!missing.isEmpty()) {
      throw Failure.unavailable(
          "%s is not a history table of Flyway: it has no column %s"
              .formatted(name.plain(), String.join(", ", missing)),
          "name the right table and schema in the settings of app '" + app.name() + "'");
    }
    List<AppliedMigration> rows = database.list(ROWS.formatted(name), HistoryQueries::row);
    return new MigrationHistory(app.name(), name.schema(), name.table(), true, rows);
  }

  static HistoryForm form(Database database, AppSettings app) {
    List<HistoryForm> columns =
        database.list(
            FORM,
            row ->
                new HistoryForm(
                    row.getString(1),
                    List.of(new HistoryForm.Column(row.getString(2), row.getString(3)))),
            app.historySchema(),
            app.historyTable());
    return new HistoryForm(
        columns.isEmpty() ? "" : columns.get(0).kind(),
        columns.stream().flatMap(each -> each.columns().stream()).toList());
  }

  /** Whether the app's schemas hold anything: if so, {@code baselineOnMigrate} takes effect. */
  static boolean holdsObjects(Database database, AppSettings app) {
    String[] schemas = app.schemas().toArray(String[]::new);
    return database.test(OCCUPIED, schemas, schemas);
  }

  private static List<String> columns(ResultSet row) throws SQLException {
    return Arrays.asList((String[]) row.getArray(1).getArray());
  }

  private static AppliedMigration row(ResultSet row) throws SQLException {
    int checksum = row.getInt("checksum");
    boolean hasChecksum = !row.wasNull();
    return new AppliedMigration(
        row.getInt("installed_rank"),
        row.getString("version"),
        text(row, "description"),
        text(row, "type"),
        text(row, "script"),
        hasChecksum ? Integer.valueOf(checksum) : null,
        text(row, "installed_by"),
        moment(row),
        row.getInt("execution_time"),
        row.getBoolean("success"));
  }

  private static @Nullable Instant moment(ResultSet row) throws SQLException {
    LocalDateTime on = row.getObject("installed_on", LocalDateTime.class);
    return on == null ? null : on.toInstant(ZoneOffset.UTC);
  }

  /** Flyway's columns are not null; a table that somebody made by hand may differ. */
  private static String text(ResultSet row, String column) throws SQLException {
    String value = row.getString(column);
    return value == null ? "" : value;
  }
}
