package dev.belay.migrate;

import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryQueries;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.Set;

/** The rows of Flyway's table that came since the plan was made. */
final class NewRows {
  /** Rows that Flyway makes when it meets a database for the first time. */
  private static final Set<String> OF_FLYWAY_ITSELF = Set.of("SCHEMA", "BASELINE");

  private NewRows() {}

  /** Reads them; those of failed migrations too. */
  static List<AppliedMigration> read(Database session, Forecast forecast) {
    int last = last(forecast);
    return HistoryQueries.read(session, forecast.state().app()).rows().stream()
        .filter(row -> row.installedRank() > last)
        .toList();
  }

  /** The highest rank when the plan was made. */
  static int last(Forecast forecast) {
    return forecast.state().history().rows().stream()
        .mapToInt(AppliedMigration::installedRank)
        .max()
        .orElse(-1);
  }

  /**
   * Those that another Flyway made.
   *
   * @param begun the scripts that this run began
   */
  static List<AppliedMigration> ofOthers(List<AppliedMigration> rows, Set<String> begun) {
    return rows.stream()
        .filter(row -> !OF_FLYWAY_ITSELF.contains(row.type()) && !begun.contains(row.script()))
        .toList();
  }
}
