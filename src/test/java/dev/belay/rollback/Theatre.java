package dev.belay.rollback;

import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.FlywayVersion;
import dev.belay.support.PgVariables;
import dev.belay.support.TestFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** An app whose names are hostile, migrated by applications with Flyway, and Belay on it. */
public final class Theatre {
  static final String SCHEMA = "Theatre \"Ü\"; drop table x; --";
  static final String HISTORY_TABLE = "Flyway 'History'";
  static final TableName HISTORY = new TableName(SCHEMA, HISTORY_TABLE);

  /** 63 bytes, with a quote. */
  public static final TableName SEATS = new TableName(SCHEMA, "Seats\" of \"" + "ä".repeat(26));

  private final Target target;
  private final Path here;

  /** In that folder, on that empty database. */
  public Theatre(Target target, Path here) {
    this.target = target;
    this.here = here;
    put(
        "belay.yaml",
        """
        lockTimeout: 300ms
        apps:
          stage:
            schemas: ['%s']
            historyTable: '%s'
            locations: ['filesystem:%s']
            undoLocations: ['%s']
        """
            .formatted(
                SCHEMA.replace("'", "''"),
                HISTORY_TABLE.replace("'", "''"),
                here.resolve("db"),
                here.resolve("undo")));
    script("V1__seats.sql", "create table " + SEATS + " (id bigint primary key, name text);");
    script("V2__price.sql", "alter table " + SEATS + " add price numeric;");
    undo("U2__price.sql", "alter table " + SEATS + " drop column price;");
    script("V3__plays.sql", "create table plays (id integer primary key, title text);");
    undo("U3__plays.sql", "drop table plays;");
  }

  Path here() {
    return here;
  }

  void put(String name, String text) {
    Path file = here.resolve(name);
    TestFiles.write(file, text);
  }

  void script(String name, String text) {
    put("db/" + name, text);
  }

  void undo(String name, String text) {
    put("undo/" + name, text);
  }

  /** Starts an application with all scripts. */
  int start(String version) {
    return start(version, here.resolve("db"), Map.of());
  }

  int start(String version, Path scripts, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("flyway.schemas", SCHEMA);
    all.put("flyway.defaultSchema", SCHEMA);
    all.put("flyway.table", HISTORY_TABLE);
    return FlywayVersion.of(version, target).start(scripts, all);
  }

  /** The scripts of an application that lacks some. */
  Path without(String... lacking) {
    Path older = here.resolve("older" + System.nanoTime());
    try (Stream<Path> files = Files.list(here.resolve("db"))) {
      Files.createDirectories(older);
      for (Path file : files.toList()) {
        if (!List.of(lacking).contains(String.valueOf(file.getFileName()))) {
          Files.copy(file, older.resolve(String.valueOf(file.getFileName())));
        }
      }
      return older;
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** With all migrations applied. */
  public Theatre migrated() {
    start("13.12.0");
    return this;
  }

  Database open() {
    return new JdbcDatabases("theatre-test").open(target);
  }

  /** Runs them. */
  public void sql(String... statements) {
    try (Database session = open()) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
  }

  long number(String query) {
    try (Database session = open()) {
      return session.number(query);
    }
  }

  /** Whether that table is there. */
  public boolean exists(String table) {
    try (Database session = open()) {
      return session.test(
          "select pg_catalog.to_regclass(?) is not null", new TableName(SCHEMA, table).toString());
    }
  }

  /** The rows of Flyway's table: type and version. */
  List<String> history() {
    try (Database session = open()) {
      return session.list(
          "select type || ' ' || coalesce(version, '') from "
              + HISTORY
              + " order by installed_rank",
          row -> row.getString(1));
    }
  }

  Cli.Result run(int status, String... arguments) {
    return run(target, status, arguments);
  }

  Cli.Result run(Target through, int status, String... arguments) {
    List<String> all = new ArrayList<>(List.of("rollback-migration"));
    all.addAll(List.of(arguments));
    return cli(through).expect(status, all.toArray(String[]::new));
  }

  /** The program in its folder. */
  public Cli cli(Target through) {
    return new Cli(here).on(through);
  }

  Map<String, String> environment() {
    return PgVariables.of(target);
  }

  JsonNode answer(Cli.Result result) {
    return Json.MAPPER.readTree(result.out()).path("result");
  }

  List<Path> exports() {
    Path folder = here.resolve("data_exports");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
