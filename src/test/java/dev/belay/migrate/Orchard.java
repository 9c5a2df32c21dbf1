package dev.belay.migrate;

import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.PgVariables;
import dev.belay.support.TestFiles;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** An app whose names are hostile, its scripts on disk, and {@code belay migrate} on it. */
final class Orchard implements AutoCloseable {
  static final String SCHEMA = "Orchard \"Ü\"; drop table x; --";
  static final TableName HISTORY = new TableName(SCHEMA, "Flyway 'History'");

  /** 63 bytes, with a quote. */
  static final TableName TREES = new TableName(SCHEMA, "Trees\" of \"" + "ä".repeat(26));

  /** What belongs to the machine of the test and says nothing of a migration. */
  private static final String ACCEPT =
      "backup-disk,server-disk,network,connections,active-sessions,long-transactions,"
          + "idle-in-transaction,lock-waits,strong-locks,prepared-transactions";

  private final Target target;
  private final Path here;

  Orchard(Path here) {
    this.target = TestServer.fresh("orchard");
    this.here = here;
    settings("");
    script("V1__trees.sql", "create table " + TREES + " (id bigint primary key, name text);");
    undo("U1__trees.sql", "drop table " + TREES + ";");
  }

  /**
   * Writes the configuration.
   *
   * @param more lines at its end
   */
  Orchard settings(String more) {
    put(
        "belay.yaml",
        """
        lockTimeout: 200ms
        migrate:
          accept: [%s]
        apps:
          fruit:
            schemas: ['%s']
            historyTable: '%s'
            locations: ['filesystem:%s']
            undoLocations: ['%s']
        %s
        """
            .formatted(
                ACCEPT,
                SCHEMA.replace("'", "''"),
                HISTORY.table().replace("'", "''"),
                here.resolve("db"),
                here.resolve("undo"),
                more));
    return this;
  }

  Target target() {
    return target;
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

  /** The first migration is applied, and there are so many trees. */
  Orchard planted(int trees) {
    run(0, "--yes", "--no-backup", "--no-monitor");
    sql(
        "insert into "
            + TREES
            + " select g, 'tree ' || g from generate_series(1, "
            + trees
            + ") g");
    return this;
  }

  Database open() {
    return new JdbcDatabases("orchard-test").open(target);
  }

  void sql(String... statements) {
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

  boolean exists(String table) {
    try (Database session = open()) {
      return session.test(
          "select pg_catalog.to_regclass(?) is not null", new TableName(SCHEMA, table).toString());
    }
  }

  /** The rows of Flyway's table: type, version, and whether it failed. */
  List<String> history() {
    try (Database session = open()) {
      return session.list(
          "select type || ' ' || coalesce(version, '') || case when success then '' else ' failed' end from "
              + HISTORY
              + " where type <> 'SCHEMA' order by installed_rank",
          row -> row.getString(1));
    }
  }

  /** Versions whose undo is in the ledger. */
  List<String> ledger() {
    try (Database session = open()) {
      return session.list(
          "select distinct version from belay.undo_script order by 1", row -> row.getString(1));
    }
  }

  /** Everything that the trees and the schema are, to tell whether they are as before. */
  List<String> fingerprint() {
    try (Database session = open()) {
      List<String> all =
          new ArrayList<>(
              session.list(
                  "select c.relname || '.' || a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)"
                      + " || ' ' || a.attnotnull from pg_catalog.pg_attribute a"
                      + " join pg_catalog.pg_class c on c.oid = a.attrelid"
                      + " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
                      + " where n.nspname = ? and a.attnum > 0 and not a.attisdropped"
                      + " and c.relname not like 'Flyway%' order by 1",
                  row -> row.getString(1), SCHEMA));
      all.add(
          session.text(
              "select pg_catalog.md5(coalesce(pg_catalog.string_agg(t::text, ',' order by t::text), '')) from "
                  + TREES
                  + " t"));
      return all;
    }
  }

  Cli cli() {
    return new Cli(here).on(target);
  }

  Cli.Result run(int status, String... arguments) {
    List<String> all = new ArrayList<>(List.of("migrate"));
    all.addAll(List.of(arguments));
    return cli().expect(status, all.toArray(String[]::new));
  }

  JsonNode answer(Cli.Result result) {
    return Json.MAPPER.readTree(result.out()).path("result");
  }

  Map<String, String> environment() {
    return PgVariables.of(target);
  }

  List<Path> files(String folder, String ending) {
    Path in = here.resolve(folder);
    if (!Files.isDirectory(in)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(in)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  @Override
  public void close() {
    TestServer.drop(target);
    TestServer.dropReplaced(target);
  }
}
