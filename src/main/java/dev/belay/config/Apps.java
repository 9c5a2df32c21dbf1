package dev.belay.config;

import dev.belay.core.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Makes the apps: those that are configured, or the one that Flyway's own settings describe. */
final class Apps {
  static final Pattern APP_NAME = Pattern.compile("[\\p{L}\\p{N}_-]{1,63}");

  /** Flyway's settings that are not for the app's {@code flyway} map. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "url",
          "user",
          "password",
          "driver",
          "schemas",
          "defaultSchema",
          "table",
          "locations",
          "environment");

  private final SettingReader settings;
  private final Map<String, Given> flyway;
  private final Locations locations;

  /**
   * @param flyway what Flyway is configured with, by the name without {@code flyway.}
   */
  Apps(SettingReader settings, Map<String, Given> flyway, Locations locations) {
    this.settings = settings;
    this.flyway = flyway;
    this.locations = locations;
  }

  /** All apps, in the order of the file; {@code default} alone where none is configured. */
  List<AppSettings> read() {
    Set<String> names = new LinkedHashSet<>();
    for (String name : settings.names()) {
      if (name.startsWith("apps.")) {
        names.add(checked(name.substring(5, name.indexOf('.', 5))));
      }
    }
    if (names.isEmpty()) {
      names.add(AppSettings.DEFAULT_NAME);
    }
    List<AppSettings> apps = new ArrayList<>();
    names.forEach(name -> apps.add(app(name)));
    return List.copyOf(apps);
  }

  private static String checked(String name) {
    if (!APP_NAME.matcher(name).matches()) {
      throw Failure.usage(
          "'" + name + "' cannot be the name of an app", "use letters, digits, - and _ only");
    }
    return name;
  }

  private AppSettings app(String name) {
    String prefix = "apps." + name + ".";
    Map<String, Given> base = name.equals(AppSettings.DEFAULT_NAME) ? flyway : Map.of();
    Given schemas = either(prefix + "schemas", () -> schemas(base));
    Given tables = either(prefix + "tables", () -> Given.of(List.of(), "default"));
    Given written =
        either(
            prefix + "locations",
            () -> base.getOrDefault("locations", Given.of(locations.standard(), "default")));
    List<String> absolute =
        written.list().stream()
            .map(location -> locations.absolute(location, written.source()))
            .toList();
    Given undo =
        either(
            prefix + "undoLocations",
            () -> Given.of(locations.undo(absolute, written.source()), "default"));
    Given ignore = either(prefix + "ignore", () -> Given.of(List.of(), "default"));
    Given historySchema = either(prefix + "historySchema", () -> historySchema(base, schemas));
    Given historyTable =
        either(
            prefix + "historyTable",
            () -> base.getOrDefault("table", Given.of("flyway_schema_history", "default")));
    list(prefix + "schemas", schemas);
    list(prefix + "tables", tables);
    list(prefix + "ignore", ignore);
    settings.list(
        prefix + "locations", String.join(", ", absolute), written.source() + unreadable(absolute));
    list(prefix + "undoLocations", undo);
    settings.list(prefix + "historySchema", historySchema.text(), historySchema.source());
    settings.list(prefix + "historyTable", historyTable.text(), historyTable.source());
    Map<String, String> placeholders = new LinkedHashMap<>();
    Map<String, String> others = new LinkedHashMap<>();
    Map<String, List<String>> requires = new LinkedHashMap<>();
    base.forEach((key, value) -> other(prefix, key, value, placeholders, others));
    for (String key : settings.names()) {
      if (key.startsWith(prefix)) {
        String rest = key.substring(prefix.length());
        Given value = settings.given(key).orElseThrow();
        if (rest.startsWith("flyway.")) {
          others.put(rest.substring("flyway.".length()), value.text());
          settings.list(key, value.text(), value.source());
        } else if (rest.startsWith("placeholders.")) {
          placeholders.put(rest.substring("placeholders.".length()), value.text());
          settings.list(key, value.text(), value.source());
        } else if (rest.startsWith("requires.")) {
          requires.put(rest.substring("requires.".length()), value.list());
          list(key, value);
        }
      }
    }
    return new AppSettings(
        name,
        schemas.list(),
        tables.list(),
        absolute,
        undo.list().stream()
            .map(folder -> locations.folder(folder, undo.source()).toString())
            .toList(),
        historySchema.text(),
        historyTable.text(),
        Map.copyOf(placeholders),
        Map.copyOf(others),
        Map.copyOf(requires),
        ignore.list());
  }

  private void other(
      String prefix,
      String key,
      Given value,
      Map<String, String> placeholders,
      Map<String, String> others) {
    if (ELSEWHERE.contains(key) || key.startsWith("jdbcProperties")) {
      return;
    }
    boolean placeholder = key.startsWith("placeholders.");
    String name = placeholder ? prefix + key : prefix + "flyway." + key;
    if (placeholder) {
      placeholders.put(key.substring("placeholders.".length()), value.text());
    } else {
      others.put(key, value.text());
    }
    if (settings.given(name).isEmpty()) {
      settings.list(name, value.text(), value.source());
    }
  }

  private Given either(String name, Supplier<Given> otherwise) {
    return settings.given(name).orElseGet(otherwise);
  }

  private static Given schemas(Map<String, Given> flyway) {
    Given schemas = flyway.get("schemas");
    Given first = flyway.get("defaultSchema");
    if (schemas == null || schemas.list().isEmpty()) {
      return first == null ? Given.of(List.of("public"), "default") : listOf(first);
    }
    return schemas;
  }

  /** A name is one name: a comma in it separates nothing. */
  private static Given listOf(Given name) {
    return Given.of(List.of(name.text()), name.source());
  }

  private static Given historySchema(Map<String, Given> flyway, Given schemas) {
    Given own = flyway.get("defaultSchema");
    if (own != null && !own.isBlank()) {
      return own;
    }
    List<String> names = schemas.list();
    return Given.of(names.isEmpty() ? "public" : names.get(0), "default");
  }

  private void list(String name, Given value) {
    settings.list(name, String.join(", ", value.list()), value.source());
  }

  private static String unreadable(List<String> absolute) {
    List<String> others =
        absolute.stream()
            .filter(location -> !Locations.isFolder(location))
            .map(location -> location.substring(0, location.indexOf(':') + 1))
            .distinct()
            .toList();
    return others.isEmpty()
        ? ""
        : " (" + String.join(" ", others) + " cannot be read from the command line)";
  }
}
