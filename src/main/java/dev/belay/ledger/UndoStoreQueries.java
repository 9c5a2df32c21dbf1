package dev.belay.ledger;

import dev.belay.core.TableName;
import dev.belay.flyway.MigrationVersion;
import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads and writes {@code belay.undo_script}. */
final class UndoStoreQueries {
  private static final String NEWEST =
      """
      select distinct on (version)
             id, app, version, description, migration_checksum, migration_content is not null,
             script, sha256, transactional, origin,
             (extract(epoch from stored_at) * 1000)::pg_catalog.int8, stored_by, belay_version
        from belay.undo_script
       where history_schema = ? and history_table = ?
       order by version, id desc
      """;

  private static final String ADD =
      """
      insert into belay.undo_script
             (history_schema, history_table, app, version, description, migration_checksum,
              migration_content, script, content, sha256, transactional, origin, stored_by,
              belay_version)
      values (?, ?, ?, ?, ?, nullif(?, '')::pg_catalog.int4, nullif(?, ''), ?, ?, ?, ?, ?,
              session_user, ?)
      """;

  private UndoStoreQueries() {}

  static List<StoredUndo> newest(Database session, TableName history) {
    return session.list(NEWEST, UndoStoreQueries::row, history.schema(), history.table());
  }

  private static StoredUndo row(ResultSet row) throws SQLException {
    int checksum = row.getInt(5);
    boolean none = row.wasNull();
    return new StoredUndo(
        row.getLong(1),
        row.getString(2),
        MigrationVersion.of(row.getString(3)),
        row.getString(4),
        none ? null : Integer.valueOf(checksum),
        row.getBoolean(6),
        row.getString(7),
        row.getString(8),
        row.getBoolean(9),
        StoredUndo.Origin.valueOf(row.getString(10).toUpperCase(Locale.ROOT)),
        java.time.Instant.ofEpochMilli(row.getLong(11)),
        row.getString(12),
        row.getString(13));
  }

  static Optional<String> content(Database session, long id) {
    return session.first(
        "select content from belay.undo_script where id = ?", row -> row.getString(1), id);
  }

  static Optional<String> migration(Database session, long id) {
    return session
        .first(
            "select coalesce(migration_content, '') from belay.undo_script where id = ?",
            row -> row.getString(1),
            id)
        .filter(text -> !text.isEmpty());
  }

  static void add(
      Database session, TableName history, NewUndo script, String sha256, String belayVersion) {
    Integer checksum = script.migrationChecksum();
    session.execute(
        ADD,
        history.schema(),
        history.table(),
        script.app(),
        script.version().canonical(),
        script.description(),
        checksum == null ? "" : checksum.toString(),
        script.migration().orElse(""),
        script.script(),
        script.content(),
        sha256,
        script.transactional(),
        script.origin().name().toLowerCase(Locale.ROOT),
        belayVersion);
  }
}
