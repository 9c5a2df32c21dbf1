package dev.belay.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A named unit of migrations.
 *
 * @param name what the operator calls it; {@code default} where none is configured
 * @param schemas the schemas it owns; the first is where Flyway puts its history table
 * @param tables patterns of the tables it owns, {@code schema.table} with {@code *} and {@code ?};
 *     empty: all tables of its schemas
 * @param locations Flyway locations, {@code filesystem:…} or paths
 * @param undoLocations folders of undo scripts
 * @param historySchema the schema of Flyway's history table
 * @param historyTable the name of Flyway's history table
 * @param placeholders Flyway placeholders
 * @param flyway other Flyway settings by their name without {@code flyway.}, such as {@code
 *     sqlMigrationPrefix}
 * @param requires which migrations need which others, by their names as somebody wrote them
 * @param ignore patterns of the objects that validate-schema passes over
 */
public record AppSettings(
    String name,
    List<String> schemas,
    List<String> tables,
    List<String> locations,
    List<String> undoLocations,
    String historySchema,
    String historyTable,
    Map<String, String> placeholders,
    Map<String, String> flyway,
    Map<String, List<String>> requires,
    List<String> ignore) {
  /** The name of the app that is there when none is configured. */
  public static final String DEFAULT_NAME = "default";

  /** An app whose migrations declare nothing in the settings, and of which nothing is ignored. */
  public AppSettings(
      String name,
      List<String> schemas,
      List<String> tables,
      List<String> locations,
      List<String> undoLocations,
      String historySchema,
      String historyTable,
      Map<String, String> placeholders,
      Map<String, String> flyway) {
    this(
        name,
        schemas,
        tables,
        locations,
        undoLocations,
        historySchema,
        historyTable,
        placeholders,
        flyway,
        Map.of(),
        List.of());
  }

  /** The same with that setting of Flyway's. */
  public AppSettings withFlyway(String setting, String value) {
    Map<String, String> changed = new LinkedHashMap<>(flyway);
    changed.put(setting, value);
    return new AppSettings(
        name,
        schemas,
        tables,
        locations,
        undoLocations,
        historySchema,
        historyTable,
        placeholders,
        Map.copyOf(changed),
        requires,
        ignore);
  }
}
