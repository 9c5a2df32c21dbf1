package dev.belay.projects;

import dev.belay.config.AppSettings;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A migration project on disk: a folder with {@code flyway.conf}, scripts, and perhaps {@code
 * db/undo}. Locations in the file are relative to it.
 */
public final class Project {
  private static final String FLYWAY = "flyway.";
  private static final String PLACEHOLDER = "flyway.placeholders.";

  private static final Pattern WRONG_UNDO = Pattern.compile("^[|] (V\\S+) [|] (differs|fails) [|]");

  private final Path folder;
  private final AppSettings app;
  private final List<ProjectScript> scripts;

  private Project(Path folder, AppSettings app, List<ProjectScript> scripts) {
    this.folder = folder;
    this.app = app;
    this.scripts = scripts;
  }

  /** One of the projects of the tests, such as {@code clinic60} or {@code broken/broken-sql}. */
  public static Project named(String name) {
    try {
      return in(
          Path.of(Project.class.getResource("/projects/" + name + "/flyway.conf").toURI())
              .getParent());
    } catch (URISyntaxException | IOException cannot) {
      throw new IllegalStateException("cannot read the project " + name, cannot);
    }
  }

  /** The project in that folder. */
  public static Project in(Path folder) throws IOException {
    Properties file = new Properties();
    try (Reader reader = Files.newBufferedReader(folder.resolve("flyway.conf"))) {
      file.load(reader);
    }
    Map<String, String> others = new TreeMap<>();
    Map<String, String> placeholders = new TreeMap<>();
    for (String name : file.stringPropertyNames()) {
      if (name.startsWith(PLACEHOLDER)) {
        placeholders.put(name.substring(PLACEHOLDER.length()), file.getProperty(name));
      } else if (!name.equals("flyway.schemas") && !name.equals("flyway.locations")) {
        others.put(name.substring(FLYWAY.length()), file.getProperty(name));
      }
    }
    List<String> schemas = List.of(file.getProperty("flyway.schemas", "public").split(",", -1));
    List<String> locations = new ArrayList<>();
    for (String location : file.getProperty("flyway.locations").split(",", -1)) {
      locations.add("filesystem:" + folder.resolve(location.replace("filesystem:", "")));
    }
    Path undo = folder.resolve("db/undo");
    AppSettings app =
        new AppSettings(
            AppSettings.DEFAULT_NAME,
            schemas,
            List.of(),
            locations,
            Files.exists(undo) ? List.of(undo.toString()) : List.of(),
            schemas.get(0),
            "flyway_schema_history",
            placeholders,
            others);
    return new Project(folder, app, scripts(locations));
  }

  private static List<ProjectScript> scripts(List<String> locations) throws IOException {
    List<ProjectScript> scripts = new ArrayList<>();
    for (String location : locations) {
      try (Stream<Path> files = Files.walk(Path.of(location.replace("filesystem:", "")))) {
        files
            .filter(file -> file.getFileName().toString().matches("(V[\\d._]+|R)__.*\\.sql"))
            .map(ProjectScript::new)
            .forEach(scripts::add);
      }
    }
    scripts.sort(Comparator.naturalOrder());
    return List.copyOf(scripts);
  }

  /** Where it lies. */
  public Path folder() {
    return folder;
  }

  /** What Belay would know of it as an app, with absolute locations. */
  public AppSettings app() {
    return app;
  }

  /** Its migrations in the order in which Flyway applies them to an empty database. */
  public List<ProjectScript> scripts() {
    return scripts;
  }

  /** The migration of that id, such as {@code V5.1} or {@code R__10_ward_report}. */
  public ProjectScript script(String id) {
    return scripts.stream()
        .filter(script -> script.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no migration " + id + " in " + folder));
  }

  /** The text of the undo script of that migration, with its placeholders replaced. */
  public Optional<String> undo(ProjectScript script) {
    if (script.isRepeatable() || app.undoLocations().isEmpty()) {
      return Optional.empty();
    }
    String start = "U" + script.id().substring(1) + "__";
    try (Stream<Path> files = Files.list(Path.of(app.undoLocations().get(0)))) {
      Optional<Path> file =
          files.filter(each -> each.getFileName().toString().startsWith(start)).findFirst();
      return file.isPresent()
          ? Optional.of(resolved(Files.readString(file.get(), StandardCharsets.UTF_8)))
          : Optional.empty();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /**
   * The undo scripts that are wrong on purpose, by the ids of their migrations: {@code differs}
   * when the schema is another than before, {@code fails} when it cannot be run.
   */
  public Map<String, String> wrongUndos() throws IOException {
    Map<String, String> wrong = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("db/undo/README.md"))) {
      Matcher row = WRONG_UNDO.matcher(line);
      if (row.find()) {
        wrong.put(row.group(1), row.group(2));
      }
    }
    return wrong;
  }

  /** That text with this project's placeholders replaced, as Flyway does. */
  public String resolved(String text) {
    String answer = text;
    for (Map.Entry<String, String> placeholder : app.placeholders().entrySet()) {
      answer = answer.replace("${" + placeholder.getKey() + "}", placeholder.getValue());
    }
    return answer;
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
