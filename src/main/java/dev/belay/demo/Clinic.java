package dev.belay.demo;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** A clinic's project folder and database, with two apps that Flyway migrates. */
final class Clinic {
  /** The migration that the release brings. */
  static final String RELEASE = "V4__remove_prescription_secondary_diagnoses.sql";

  private static final List<String> MIGRATIONS =
      List.of(
          "migrations/users/V1__accounts.sql",
          "migrations/users/V2__sign_ins.sql",
          "migrations/medications/V1__initial.sql",
          "migrations/medications/V2__prescription_secondary_diagnoses.sql",
          "migrations/medications/V3__dispensing.sql",
          "undo/users/U1__accounts.sql",
          "undo/users/U2__sign_ins.sql",
          "undo/medications/U1__initial.sql",
          "undo/medications/U2__prescription_secondary_diagnoses.sql",
          "undo/medications/U3__dispensing.sql");

  /** The scripts of the night's release, and the folders that they belong to. */
  private static final Map<String, String> NIGHT =
      new TreeMap<>(
          Map.of(
              "V4__storage.sql", "migrations",
              "U4__storage.sql", "undo",
              "V5__dispensed_once.sql", "migrations",
              "U5__dispensed_once.sql", "undo"));

  private static final Pattern SAMPLES =
      Pattern.compile("([a-z-]+)_(\\d{8}_\\d{6})_([0-9a-f]{12})\\.jsonl");

  private final Path folder;
  private final Databases databases;
  private final Target target;

  Clinic(Path folder, Databases databases, Target target) {
    this.folder = folder;
    this.databases = databases;
    this.target = target;
  }

  /** Makes the project, the database and its rows. */
  void build() {
    MIGRATIONS.forEach(file -> copy(file, file));
    write(folder.resolve("belay.yaml"), configuration());
    try (Database maintenance = databases.open(target.withDatabase("postgres"))) {
      maintenance.execute("create database clinic");
    }
    migrate("users");
    migrate("medications");
    try (Database database = open()) {
      database.execute(resource("clinic.sql"));
    }
  }

  /** The release arrives: one more migration, with its undo script. */
  void release() {
    copy("release/" + RELEASE, "migrations/medications/" + RELEASE);
    String undo = RELEASE.replace("V4__", "U4__");
    copy("release/" + undo, "undo/medications/" + undo);
  }

  /**
   * The next release, instead of the one that was withdrawn; and who is told when it goes wrong.
   */
  void nextRelease(int mailPort, int webPort) {
    remove("migrations/medications/" + RELEASE);
    remove("undo/medications/" + RELEASE.replace("V4__", "U4__"));
    NIGHT.forEach((file, folderName) -> copy("night/" + file, folderName + "/medications/" + file));
    copy("night/tidy.sql", "tidy.sql");
    Path file = folder.resolve("belay.yaml");
    write(file, configuration() + notify(mailPort, webPort));
    // Whoever knows a webhook's address may write to it.
    ownerOnly(file);
  }

  /** Nobody is told any more, since those who listened are gone. */
  void silence() {
    write(folder.resolve("belay.yaml"), configuration());
  }

  /**
   * The newest run of a command, by the name of its samples.
   *
   * @throws Failure FAILED when there is none
   */
  String run(String command) {
    try (Stream<Path> files = Files.list(folder.resolve("migration_monitoring"))) {
      return files
          .map(file -> SAMPLES.matcher(String.valueOf(file.getFileName())))
          .filter(name -> name.matches() && name.group(1).equals(command))
          .max(Comparator.comparing(name -> name.group(2)))
          .map(name -> name.group(3))
          .orElseThrow(() -> new IOException("none of " + command));
    } catch (IOException none) {
      throw Failure.failed(
              "the demo finds no samples of its run: " + none.getMessage(),
              "please report it with the whole output")
          .causedBy(none);
    }
  }

  /** What the configuration says of who is told. */
  static String notify(int mailPort, int webPort) {
    return """
    notify:
      channels:
        on-call:
          type: email
          host: localhost
          port: %d
          tls: none
          from: belay@clinic.example
          to: [on-call@clinic.example]
          minSeverity: error
        chat:
          type: webhook
          url: http://127.0.0.1:%d/hooks/database
          allowPlaintext: true
          minSeverity: error
    """
        .formatted(mailPort, webPort);
  }

  /** The clinic goes on working: patients come, and get what they need. */
  void work() {
    try (Database database = open()) {
      database.execute(resource("work.sql"));
    }
  }

  /** The text of the release's migration. */
  String releaseText() {
    return resource("release/" + RELEASE);
  }

  /** The text of a script of the night's release. */
  static String nightText(String script) {
    return resource("night/" + script);
  }

  /** Lets Flyway apply what is pending, as the application does when it starts. */
  int migrate(String app) {
    try {
      return Flyway.configure()
          .dataSource(
              "jdbc:postgresql://" + target.host() + ":" + target.port() + "/" + target.database(),
              target.user(),
              "")
          .schemas(app)
          .locations("filesystem:" + folder.resolve("migrations").resolve(app))
          .load()
          .migrate()
          .migrationsExecuted;
    } catch (FlywayException broken) {
      throw Failure.failed(
              "Flyway cannot migrate " + app + ": " + broken.getMessage(),
              "please report it with the whole output")
          .causedBy(broken);
    }
  }

  /** A session with the database. */
  Database open() {
    return databases.open(target);
  }

  private String configuration() {
    return """
    # The clinic: its database and its two apps, each with migrations of its own.
    url: postgresql://%s@%s:%d/%s
    apps:
      users:
        schemas: [users]
        locations: ["filesystem:migrations/users"]
        undoLocations: ["undo/users"]
      medications:
        schemas: [medications]
        locations: ["filesystem:migrations/medications"]
        undoLocations: ["undo/medications"]
    """
        .formatted(target.user(), target.host(), target.port(), target.database());
  }

  private void copy(String from, String to) {
    write(folder.resolve(to), resource(from));
  }

  private void remove(String file) {
    try {
      Files.deleteIfExists(folder.resolve(file));
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot remove " + file + ": " + cannot.getMessage(), "look at its folder")
          .causedBy(cannot);
    }
  }

  private static void ownerOnly(Path file) {
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot change the mode of " + file + ": " + cannot.getMessage(),
              "look at its folder")
          .causedBy(cannot);
    }
  }

  private static void write(Path file, String text) {
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text);
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write " + file + ": " + cannot.getMessage(), "free some space there")
          .causedBy(cannot);
    }
  }

  private static String resource(String name) {
    try (InputStream file = Clinic.class.getResourceAsStream("/dev/belay/demo/" + name)) {
      if (file == null) {
        throw new IllegalStateException("not in the program: " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
