package dev.belay.conflicts;

import dev.belay.cli.Failures;
import dev.belay.cli.Logging;
import dev.belay.cli.Terminal;
import dev.belay.config.AppSettings;
import dev.belay.config.Surroundings;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cli;
import dev.belay.support.PgVariables;
import dev.belay.support.TestFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** An app with a hostile schema, migrated by the real Flyway, and the command on it. */
final class Ward {
  static final String SCHEMA = "ward \"Ü\"; drop table x; --";
  static final String TABLE = "Flyway 'History'";
  static final TableName HISTORY = new TableName(SCHEMA, TABLE);

  private final Target target;
  private final Path here;
  private final Map<String, String> flyway = new HashMap<>();
  private String more = "";

  Ward(Target target, Path here) {
    this.target = target;
    this.here = here;
  }

  /** Adds a setting of Flyway, for Flyway and for Belay. */
  Ward with(String name, String value) {
    flyway.put(name, value);
    return this;
  }

  /** Adds lines to the app in belay.yaml. */
  Ward withLines(String lines) {
    more = lines;
    return this;
  }

  AppSettings app() {
    return new AppSettings(
        "ward",
        List.of(SCHEMA),
        List.of(),
        List.of("filesystem:" + here.resolve("db")),
        List.of(),
        SCHEMA,
        TABLE,
        Map.of(),
        Map.copyOf(flyway));
  }

  Flyway flyway() {
    return RealFlyway.of(target, app(), true);
  }

  Path write(String name, String text) {
    Path file = here.resolve("db").resolve(name);
    TestFiles.write(file, text);
    return file;
  }

  void remove(String name) {
    try {
      Files.delete(here.resolve("db").resolve(name));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Three versions, applied. */
  Ward migrated() {
    write("V1__beds.sql", "create table beds (id integer primary key);");
    write("V2__names.sql", "alter table beds add name text;");
    write("V3__notes.sql", "alter table beds add note text;");
    flyway().migrate();
    return this;
  }

  void sql(String sql) {
    try (Database session = new JdbcDatabases("ward-test").open(target)) {
      session.execute(sql.replace("{history}", HISTORY.toString()));
    }
  }

  /** Every value of every row, as text, with the name of its column. */
  List<String> rows() {
    try (Database session = new JdbcDatabases("ward-test").open(target)) {
      return session.list(
          "select pg_catalog.to_jsonb(h)::text from " + HISTORY + " h order by installed_rank",
          row -> row.getString(1));
    }
  }

  List<Path> files(String ending) {
    Path folder = here.resolve("conflict_reports");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Runs the command, and fails unless it exits with that status. */
  Cli.Result run(int status, String... arguments) {
    return run(target, List.of(), status, arguments);
  }

  Cli.Result answering(String answer, int status, String... arguments) {
    return run(target, List.of(answer), status, arguments);
  }

  /** The answer is y, and that happens while it is thought about. */
  Cli.Result agreeing(Runnable meanwhile, int status, String... arguments) {
    return run(
        target,
        true,
        () -> {
          meanwhile.run();
          return "y";
        },
        status,
        arguments);
  }

  Cli.Result run(Target as, List<String> answers, int status, String... arguments) {
    Deque<String> lines = new ArrayDeque<>(answers);
    return run(as, !answers.isEmpty(), lines::poll, status, arguments);
  }

  private Cli.Result run(
      Target as,
      boolean person,
      Supplier<@Nullable String> answers,
      int status,
      String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(out), new PrintWriter(err), person, false, answers::get);
    configure();
    Map<String, String> environment = PgVariables.of(as);
    Failures failures = new Failures(terminal, false);
    CommandLine line =
        new CommandLine(
                new ResolveConflictsCommand(
                    new Surroundings(environment, here, here, "tester"), terminal))
            .setOut(terminal.out())
            .setErr(terminal.err())
            .setExecutionExceptionHandler(failures)
            .setParameterExceptionHandler(failures)
            .setCaseInsensitiveEnumValuesAllowed(true);
    try {
      int exit = line.execute(arguments);
      if (exit != status) {
        throw new AssertionError(
            "expected %d, was %d%n--- out%n%s--- err%n%s".formatted(status, exit, out, err));
      }
      return new Cli.Result(exit, out.toString(), err.toString());
    } finally {
      Logging.stop();
    }
  }

  private void configure() {
    List<String> lines = new ArrayList<>();
    lines.add("apps:");
    lines.add("  ward:");
    lines.add("    schemas: ['" + SCHEMA + "']");
    lines.add("    historyTable: '" + TABLE.replace("'", "''") + "'");
    lines.add("    locations: ['filesystem:" + here.resolve("db") + "']");
    if (!flyway.isEmpty()) {
      lines.add("    flyway:");
      flyway.forEach((name, value) -> lines.add("      " + name + ": '" + value + "'"));
    }
    try {
      Files.createDirectories(here.resolve("db"));
      Files.writeString(here.resolve("belay.yaml"), String.join("\n", lines) + "\n" + more);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
