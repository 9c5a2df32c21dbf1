package dev.belay.config;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what is in force. */
public final class Configuration {
  private Configuration() {}

  /**
   * Reads every source, the later winning.
   *
   * @throws dev.belay.core.Failure USAGE when a source is wrong
   */
  public static Settings load(Surroundings surroundings, Flags flags) {
    Map<String, String> environment = surroundings.environment();
    Target target =
        new Target(
            environment.getOrDefault("PGHOST", "localhost"),
            Integer.parseInt(environment.getOrDefault("PGPORT", "5432")),
            flags.url().orElse(environment.getOrDefault("PGDATABASE", "postgres")),
            environment.getOrDefault("PGUSER", surroundings.osUser()),
            Optional.ofNullable(environment.get("PGPASSWORD")).map(Secret::new),
            Tls.PREFER,
            10);
    Path here = surroundings.directory();
    return new Settings(
        target,
        "postgres",
        "development",
        new Folders(
            here.resolve("backups"),
            here.resolve("data_exports"),
            here.resolve("rollback_scripts"),
            here.resolve("conflict_reports"),
            here.resolve("reconciliation_reports"),
            here.resolve("migration_monitoring"),
            here.resolve("backups/.journal")),
        List.of(),
        2,
        "auto",
        List.of(),
        Optional.empty(),
        Duration.ofMinutes(10),
        Duration.ofSeconds(1),
        Optional.empty(),
        30,
        3,
        here.resolve("belay.log"),
        List.of());
  }
}
