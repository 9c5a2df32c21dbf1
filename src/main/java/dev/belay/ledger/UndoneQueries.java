package dev.belay.ledger;

import dev.belay.core.TableName;
import dev.belay.flyway.MigrationVersion;
import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads and writes {@code belay.undone}. */
final class UndoneQueries {
  private static final String ADD =
      """
      insert into belay.undone
             (history_schema, history_table, app, version, description, installed_rank,
              migration_script, method, undo_sha256, recorded_as, record_rank, rows_lost, backup,
              exports, run, undone_by, belay_version)
      values (?, ?, ?, nullif(?, ''), ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, nullif(?, ''), ?, ?,
              session_user, ?)
      """;

  private static final String NEWEST =
      """
      select id, app, version, description, installed_rank, migration_script, method, undo_sha256,
             recorded_as, record_rank, rows_lost, backup, exports, run,
             (extract(epoch from undone_at) * 1000)::pg_catalog.int8, undone_by, belay_version
        from belay.undone
       where history_schema = ? and history_table = ?
       order by id desc
       limit ?
      """;

  private UndoneQueries() {}

  static void add(Database session, TableName history, UndoneEntry entry, String belayVersion) {
    MigrationVersion version = entry.version();
    session.execute(
        ADD,
        history.schema(),
        history.table(),
        entry.app(),
        version == null ? "" : version.canonical(),
        entry.description(),
        entry.installedRank(),
        entry.migrationScript(),
        entry.method(),
        entry.undoSha256().orElse(""),
        entry.recordedAs().word(),
        entry.recordRank(),
        entry.rowsLost(),
        entry.backup().orElse(""),
        entry.exports().toArray(String[]::new),
        entry.run(),
        belayVersion);
  }

  static List<UndoneLog.Logged> newest(Database session, TableName history, int most) {
    return session.list(NEWEST, UndoneQueries::row, history.schema(), history.table(), most);
  }

  private static UndoneLog.Logged row(ResultSet row) throws SQLException {
    String version = row.getString(3);
    UndoneEntry entry =
        new UndoneEntry(
            row.getString(2),
            version == null ? null : MigrationVersion.of(version),
            row.getString(4),
            row.getInt(5),
            row.getString(6),
            row.getString(7),
            Optional.ofNullable(row.getString(8)),
            UndoneEntry.RecordedAs.valueOf(row.getString(9).toUpperCase(Locale.ROOT)),
            row.getInt(10),
            row.getLong(11),
            Optional.ofNullable(row.getString(12)),
            List.of((String[]) row.getArray(13).getArray()),
            row.getString(14));
    return new UndoneLog.Logged(
        row.getLong(1),
        entry,
        Instant.ofEpochMilli(row.getLong(15)),
        row.getString(16),
        row.getString(17));
  }
}
