package dev.belay.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the user's Flyway is configured with: its files, then its environment variables. */
final class FlywaySources {
  private static final Set<String> NOT_SETTINGS =
      Set.of("HOME", "VERSION", "EDITION", "CONFIG_FILES", "ENVIRONMENT", "JAVA_ARGS");

  private final Map<String, String> environment;
  private final Places places;

  FlywaySources(Map<String, String> environment, Places places) {
    this.environment = environment;
    this.places = places;
  }

  /**
   * Files first, environment second; each by the name without {@code flyway.}.
   *
   * @throws dev.belay.core.Failure USAGE when a file is wrong
   */
  List<Map<String, Given>> read() {
    return List.of(files(), variables());
  }

  private Map<String, Given> files() {
    Map<String, Given> settings = new LinkedHashMap<>();
    Path here = places.directory();
    List<Path> files = new ArrayList<>();
    for (String name :
        List.of("conf/flyway.conf", "flyway.conf", "conf/flyway.toml", "flyway.toml")) {
      files.add(here.resolve(name));
    }
    Given more =
        Given.of(environment.getOrDefault("FLYWAY_CONFIG_FILES", ""), "FLYWAY_CONFIG_FILES");
    more.list().forEach(name -> files.add(places.resolve(name, more.source())));
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        String text = places.read(file);
        String name = places.show(file);
        settings.putAll(
            name.endsWith(".toml")
                ? FlywayToml.read(text, name, environment, chosen())
                : FlywayConf.read(text, name, environment));
      }
    }
    return settings;
  }

  /** Flyway's documentation has this variable in lower case, people have it in both. */
  private @Nullable String chosen() {
    String lower = environment.get("flyway_environment");
    return lower != null ? lower : environment.get("FLYWAY_ENVIRONMENT");
  }

  private Map<String, Given> variables() {
    Map<String, Given> settings = new LinkedHashMap<>();
    environment.keySet().stream()
        .filter(name -> name.startsWith("FLYWAY_"))
        .sorted()
        .forEach(name -> take(name, settings));
    return settings;
  }

  private void take(String variable, Map<String, Given> settings) {
    String rest = variable.substring("FLYWAY_".length());
    Given value = Given.of(environment.getOrDefault(variable, ""), variable);
    if (NOT_SETTINGS.contains(rest) || rest.startsWith("ENVIRONMENTS_") || value.isBlank()) {
      return;
    }
    if (rest.startsWith("PLACEHOLDERS_")) {
      String name = rest.substring("PLACEHOLDERS_".length()).toLowerCase(Locale.ROOT);
      settings.put("placeholders." + name, value);
    } else {
      settings.put(camelCase(rest), value);
    }
  }

  private static String camelCase(String name) {
    StringBuilder answer = new StringBuilder();
    for (String word : name.toLowerCase(Locale.ROOT).split("_", -1)) {
      if (answer.isEmpty() || word.isEmpty()) {
        answer.append(word);
      } else {
        answer.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
    }
    return answer.toString();
  }
}
