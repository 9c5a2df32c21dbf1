package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseDrop;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.ServerInfo;
import dev.belay.support.Await;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An operator's working folder, a database with a thousand orders, and the packaged program: what a
 * fault is done to, and where its traces are looked for.
 */
final class Ground {
  static final int ORDERS = 1000;

  private static final JdbcDatabases DATABASES = new JdbcDatabases("fault-test");

  final Path folder;
  final Target live;

  Ground(Path folder, Target live) {
    this.folder = folder;
    this.live = live;
  }

  /** A database of its own with orders in it. */
  static Ground of(Path folder, Target live) {
    Ground ground = new Ground(folder, live);
    ground.sql(
        "create table public.orders (id integer primary key, note text)",
        "insert into public.orders select n, 'order ' || n from generate_series(1, "
            + ORDERS
            + ") n");
    return ground;
  }

  /** Belay in the folder, on the database. */
  Program program() {
    return new Program(folder).on(live);
  }

  /** Runs Belay and fails unless it exits with that status. */
  Cli.Result expect(int status, String... arguments) {
    return expect(status, program(), arguments);
  }

  /** Runs that program and fails unless it exits with that status; shows all when it does not. */
  static Cli.Result expect(int status, Program program, String... arguments) {
    return judged(status, program.run(arguments), Arrays.toString(arguments));
  }

  /** Waits for its end and fails unless it exits with that status. */
  static Cli.Result ended(int status, Program.Running running) {
    return judged(status, running.result(), "the program");
  }

  private static Cli.Result judged(int status, Cli.Result result, String what) {
    assertThat(result.status())
        .as("%s%n--- out%n%s--- err%n%s", what, result.out(), result.err())
        .isEqualTo(status);
    return result;
  }

  Database open() {
    return DATABASES.open(live);
  }

  Database maintenance() {
    return DATABASES.open(live.withDatabase("postgres"));
  }

  void sql(String... statements) {
    try (Database session = open()) {
      Arrays.asList(statements).forEach(session::execute);
    }
  }

  long number(String query) {
    try (Database session = open()) {
      return session.number(query);
    }
  }

  /** Fails unless the live database accepts connections and has that many orders. */
  void assertOrders(long expected) {
    assertThat(number("select count(*) from public.orders")).isEqualTo(expected);
  }

  /** The names of what looks like a backup. */
  List<String> backups() {
    return entries().stream().filter(name -> !name.startsWith(".")).toList();
  }

  /** The names of what does not. */
  List<String> partial() {
    return entries().stream().filter(name -> name.startsWith(".")).toList();
  }

  private List<String> entries() {
    Path root = folder.resolve("backups");
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(root)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Databases that belong to a run, of this ground and of others. */
  List<String> databasesOfRuns() {
    try (Database session = maintenance()) {
      return session.list(
          "select datname from pg_catalog.pg_database where datname ~ '^belay_scratch_'"
              + " or datname ~ '_belay_new_[0-9a-f]{12}$'",
          row -> row.getString(1));
    }
  }

  /** Application names of Belay's sessions and those of its children. */
  List<String> sessionsOfRuns() {
    try (Database session = maintenance()) {
      return session.list(
          "select application_name from pg_catalog.pg_stat_activity"
              + " where application_name like 'belay:%'",
          row -> row.getString(1));
    }
  }

  /** Fails unless nothing of any run is left: folders, databases or, very soon, sessions. */
  void assertNothingLeft() {
    assertThat(partial()).isEmpty();
    assertThat(databasesOfRuns()).isEmpty();
    Await.until("no session of a run", () -> sessionsOfRuns().isEmpty());
  }

  /** Takes away what the test itself left on the server. */
  void drop() {
    try (Database session = maintenance()) {
      for (String left :
          session.list(
              "select datname from pg_catalog.pg_database where starts_with(datname, ?)",
              row -> row.getString(1),
              live.database())) {
        DatabaseDrop.now(session, left);
      }
    }
  }

  /** The folder of the real programs that suit the server. */
  Path realTools() {
    try (Database session = open()) {
      Path dump =
          new PostgresTools(Optional.empty(), System.getenv())
              .dumpFor(ServerInfo.of(session))
              .path();
      return Optional.ofNullable(dump.getParent()).orElseThrow();
    }
  }

  /**
   * A folder with both programs, for {@code postgresPrograms}. Each runs {@code script} first, with
   * its name in {@code $name}, except when asked for its version, and becomes the real one then.
   */
  Path tools(String script) {
    Path real = realTools();
    Path tools = folder.resolve("tools");
    for (String name : List.of("pg_dump", "pg_restore")) {
      tool(
          tools,
          name,
          """
          name=%s
          real='%s'
          [ "$1" = --version ] && exec "$real" --version
          %s
          exec "$real" "$@"
          """
              .formatted(name, real.resolve(name), script));
    }
    return tools;
  }

  /** Writes a shell script that stands for a program. */
  static Path tool(Path tools, String name, String script) {
    try {
      Files.createDirectories(tools);
      Path file = tools.resolve(name);
      Files.writeString(file, "#!/bin/sh\n" + script);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      return file;
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Belay with those tools and no others. */
  Program with(Path tools) {
    return program().with("BELAY_POSTGRES_PROGRAMS", tools.toString());
  }

  /** All text of a file. */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
