package dev.belay.backup;

import dev.belay.archive.DatabaseFacts;
import dev.belay.archive.ServerFacts;
import dev.belay.config.AppSettings;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.MigrationHistory;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.util.List;
import java.util.Map;

/** What a snapshot shows of a database besides the rows of its tables. */
record Facts(
    DatabaseFacts database,
    ServerFacts server,
    Map<String, String> extensions,
    List<String> roles,
    List<MigrationHistory> migrations) {

  /** Reads them in a session that is in the snapshot. */
  static Facts of(Database session, ServerInfo server, List<AppSettings> apps) {
    return new Facts(
        FactQueries.database(session),
        FactQueries.server(session, server),
        FactQueries.extensions(session),
        FactQueries.roles(session),
        apps.stream().map(app -> HistoryQueries.read(session, app)).toList());
  }
}
