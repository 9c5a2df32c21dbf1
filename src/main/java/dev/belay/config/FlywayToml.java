package dev.belay.config;

import dev.belay.core.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Reads {@code flyway.toml}: {@code [flyway]} and the environment in use. A class of its own, so
 * that the parser is loaded only where there is such a file.
 */
final class FlywayToml {
  /** What an environment says of the database; the rest is for Flyway's own way to reach it. */
  private static final Set<String> OF_ENVIRONMENTS =
      Set.of("url", "user", "password", "schemas", "initSql");

  private final String file;
  private final Map<String, String> environment;
  private final Map<String, Given> settings = new LinkedHashMap<>();

  private FlywayToml(String file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /**
   * The settings by their name without {@code flyway.}.
   *
   * @param chosen the environment that Flyway is told to use; null: as the file says
   * @throws Failure USAGE when it is not TOML
   */
  static Map<String, Given> read(
      String text, String file, Map<String, String> environment, @Nullable String chosen) {
    FlywayToml reader = new FlywayToml(file, environment);
    JsonNode root = reader.parse(text);
    JsonNode flyway = root.path("flyway");
    String name = chosen != null ? chosen : flyway.path("environment").asString("default");
    JsonNode named = root.path("environments").path(name);
    reader.take("", flyway);
    for (Map.Entry<String, JsonNode> entry : named.properties()) {
      if (entry.getKey().equals("flyway")) {
        reader.take("", entry.getValue());
      } else if (OF_ENVIRONMENTS.contains(entry.getKey())) {
        reader.take(entry.getKey(), entry.getValue());
      }
    }
    return reader.settings;
  }

  private JsonNode parse(String text) {
    try {
      return TomlMapper.builder().build().readTree(text);
    } catch (JacksonException wrong) {
      int line = wrong.getLocation() == null ? 0 : wrong.getLocation().getLineNr();
      throw Failure.usage(
          file + (line > 0 ? ":" + line : "") + " is not valid TOML",
          "see what Flyway says of it with: flyway info");
    }
  }

  private void take(String name, JsonNode value) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        take(name.isEmpty() ? entry.getKey() : name + "." + entry.getKey(), entry.getValue());
      }
    } else if (value.isArray()) {
      List<String> items = new ArrayList<>();
      for (JsonNode item : value) {
        String text = FlywayConf.expand(item.asString(""), environment);
        if (text != null) {
          items.add(text);
        }
      }
      settings.put(name, Given.of(items, file));
    } else if (!name.isEmpty()) {
      String text = FlywayConf.expand(value.asString(""), environment);
      if (text != null) {
        settings.put(name, Given.of(text, file));
      }
    }
  }
}
