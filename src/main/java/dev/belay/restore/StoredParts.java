package dev.belay.restore;

import dev.belay.pgtools.PostgresTools;
import dev.belay.swap.GuardedRun;
import java.util.Map;

/** Restores from the archive, with Flyway's account of the live database. */
final class StoredParts implements RestoreParts {
  private final Map<String, String> environment;

  /**
   * @param environment for finding pg_restore
   */
  StoredParts(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public RestoreSources sources(GuardedRun run) {
    return new StoredSources(
        run, new PostgresTools(run.settings().postgresPrograms(), environment));
  }

  @Override
  public MigrationsNow migrations(GuardedRun run) {
    return new FlywayNow(run);
  }
}
