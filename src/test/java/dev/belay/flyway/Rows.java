package dev.belay.flyway;

import dev.belay.config.AppSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes histories and apps for tests. */
public final class Rows {
  private final List<AppliedMigration> rows = new ArrayList<>();

  /** Adds a successful row with the next rank. */
  public Rows add(String type, @Nullable String version, String description) {
    return add(type, version, description, null, true);
  }

  /** Adds a row with the next rank. */
  public Rows add(
      String type,
      @Nullable String version,
      String description,
      @Nullable Integer checksum,
      boolean success) {
    String name = version == null ? "R__" : "V" + version + "__";
    rows.add(
        new AppliedMigration(
            rows.size() + 1,
            version,
            description,
            type,
            name + description.replace(' ', '_') + ".sql",
            checksum,
            "app",
            Instant.parse("2026-01-01T12:00:00Z"),
            12,
            success));
    return this;
  }

  /** The history of the default app with these rows. */
  public MigrationHistory history() {
    return new MigrationHistory("default", "public", "flyway_schema_history", true, rows);
  }

  /** An app whose scripts are in that folder. */
  public static AppSettings app(Path folder) {
    return app(List.of("filesystem:" + folder), List.of(), Map.of());
  }

  /** An app with the usual history table. */
  public static AppSettings app(
      List<String> locations, List<String> undoLocations, Map<String, String> flyway) {
    return new AppSettings(
        "default",
        List.of("public"),
        List.of(),
        locations,
        undoLocations,
        "public",
        "flyway_schema_history",
        Map.of(),
        flyway);
  }

  static Optional<Migration> named(List<Migration> migrations, String name) {
    return migrations.stream().filter(each -> each.name().equals(name)).findFirst();
  }
}
