package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the state of an app without a server: scripts in a folder, and rows. */
final class Declared {
  private static final Target TARGET =
      new Target("localhost", 5432, "clinic", "app", Optional.empty(), Tls.PREFER, 10);

  private final String name;
  private final Path folder;
  private final Map<String, String> flyway = new HashMap<>();
  private final Map<String, List<String>> requires = new HashMap<>();
  private Rows rows = new Rows();

  Declared(String name, Path folder) {
    this.name = name;
    this.folder = folder.resolve(name);
    try {
      Files.createDirectories(this.folder);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  Declared script(String file, String text) {
    return script(file, text, StandardCharsets.UTF_8);
  }

  Declared script(String file, String text, Charset encoding) {
    try {
      Files.write(folder.resolve(file), text.getBytes(encoding));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
    return this;
  }

  Declared setting(String flywayName, String value) {
    flyway.put(flywayName, value);
    return this;
  }

  Declared requires(String migration, String... others) {
    requires.put(migration, List.of(others));
    return this;
  }

  Declared rows(Rows applied) {
    rows = applied;
    return this;
  }

  /** Adds a row for each script, in the order of versions, with its checksum. */
  Declared applied(String... versions) {
    MigrationScripts scripts = MigrationScripts.scan(app(), TARGET);
    for (String version : versions) {
      scripts.migrations().stream()
          .filter(script -> MigrationVersion.of(version).equals(script.version()))
          .forEach(
              script -> rows.add("SQL", version, script.description(), script.checksum(), true));
    }
    return this;
  }

  AppSettings app() {
    return new AppSettings(
        name,
        List.of("public"),
        List.of(),
        List.of("filesystem:" + folder),
        List.of(),
        "public",
        "flyway_schema_history",
        Map.of(),
        Map.copyOf(flyway),
        Map.copyOf(requires),
        List.of());
  }

  AppState state() {
    MigrationScripts scripts = MigrationScripts.scan(app(), TARGET);
    return new AppState(
        app(), rows.history(), scripts, MigrationStates.of(app(), rows.history(), scripts, false));
  }

  List<Conflict> conflicts() {
    AppState state = state();
    return Conflicts.of(state, Requirements.of(List.of(state)), new HistoryForm("r", List.of()));
  }
}
