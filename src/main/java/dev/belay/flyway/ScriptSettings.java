package dev.belay.flyway;

import dev.belay.config.AppSettings;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** How one script is to be read: what its own file {@code <script>.conf} says, and then the app. */
final class ScriptSettings {
  private final AppSettings app;
  private final Path script;
  private final Map<String, String> own;

  private ScriptSettings(AppSettings app, Path script, Map<String, String> own) {
    this.app = app;
    this.script = script;
    this.own = own;
  }

  /**
   * Those of a script.
   *
   * @param problem is told which file cannot be read, and why
   */
  static ScriptSettings of(AppSettings app, Path script, BiConsumer<Path, String> problem) {
    Path file = script.resolveSibling(script.getFileName() + ".conf");
    Map<String, String> settings = new HashMap<>();
    if (Files.isRegularFile(file)) {
      try {
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          int at = line.indexOf('=');
          if (at > 0 && !line.startsWith("#")) {
            settings.put(line.substring(0, at).strip(), line.substring(at + 1).strip());
          }
        }
      } catch (IOException unreadable) {
        problem.accept(file, "cannot be read: " + unreadable.getMessage());
      }
    }
    return new ScriptSettings(app, script, settings);
  }

  /** One of Flyway's settings for this script. */
  String get(String name, String otherwise) {
    return own.getOrDefault(name, app.flyway().getOrDefault(name, otherwise));
  }

  /**
   * The encoding of the script; UTF-8 where there is none of the name that is configured.
   *
   * @param problem is told so
   */
  Charset encoding(BiConsumer<Path, String> problem) {
    String name = get("encoding", "UTF-8");
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException unknown) {
      problem.accept(script, "there is no encoding '" + name + "'; it was read as UTF-8");
      return StandardCharsets.UTF_8;
    }
  }
}
