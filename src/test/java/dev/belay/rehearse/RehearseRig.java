package dev.belay.rehearse;

import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Await;
import dev.belay.support.Cli;
import dev.belay.support.PgVariables;
import dev.belay.support.TestFiles;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A live database with rows, its migrations, and the whole program to rehearse them. */
public final class RehearseRig implements AutoCloseable {
  private final Path folder;
  private final Target live;

  /** One with a hostile name. */
  public RehearseRig(Path folder) {
    this.folder = folder;
    this.live = TestServer.fresh("rehearse");
  }

  /** The live database. */
  public Target live() {
    return live;
  }

  /** Where everything lies. */
  public Path folder() {
    return folder;
  }

  /** Writes a migration below {@code db/migration}, an undo script below {@code db/undo}. */
  public RehearseRig write(String name, String text) {
    Path file = folder.resolve((name.startsWith("U") ? "db/undo/" : "db/migration/") + name);
    TestFiles.write(file, text);
    return this;
  }

  /** Applies everything to the live database, and waits until nobody is with it. */
  public RehearseRig migrate() {
    migrateBeside();
    TestServer.awaitEndOfSessions(live);
    return this;
  }

  /** Applies everything to the live database. */
  public RehearseRig migrateBeside() {
    Map<String, String> environment = PgVariables.of(live);
    Settings settings =
        Configuration.load(
            new Surroundings(environment, folder, folder, "tester"),
            new Flags(Optional.empty(), Optional.empty(), Map.of()));
    RealFlyway.of(live, settings.apps().get(0), true).migrate();
    return this;
  }

  /** Runs statements on the live database. */
  public RehearseRig sql(String... statements) {
    try (Database session = open()) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
    TestServer.awaitEndOfSessions(live);
    return this;
  }

  /** A session with the live database. */
  public Database open() {
    return new JdbcDatabases("belay-test").open(live);
  }

  /** The program on that database; it keeps no replays. */
  public Cli cli() {
    return new Cli(folder).on(live).with("PATH", System.getenv("PATH"));
  }

  /** Runs it, and gives the result of its JSON. */
  public JsonNode json(int status, String... arguments) {
    String[] all =
        Stream.concat(
                Stream.of(arguments), Stream.of("--output", "json", "--set", "scratch.keep=0"))
            .toArray(String[]::new);
    return Json.MAPPER.readTree(cli().expect(status, all).out()).get("result");
  }

  /** Names of databases that rehearsals made and that are still there. */
  public static List<String> scratch() {
    try (Database admin = new JdbcDatabases("belay-test").open(TestServer.admin())) {
      return admin.list(
          "select datname from pg_database where datname like 'belay\\_scratch\\_%' or datname like 'belay\\_rehearsal\\_%'",
          row -> row.getString(1));
    }
  }

  /**
   * Rehearses, and ends the session in which the copy is at such a statement.
   *
   * @param statement as {@code like} has it
   */
  Cli.Result whereTheServerIsLostAt(String statement) throws Exception {
    CompletableFuture<Cli.Result> run = CompletableFuture.supplyAsync(() -> cli().run("rehearse"));
    String there =
        " from pg_stat_activity where datname like 'belay\\_scratch\\_%' and query like ?"
            + " and state = 'active'";
    try (Database admin = new JdbcDatabases("belay-test").open(TestServer.admin())) {
      Await.until(
          "a copy is at " + statement,
          () -> admin.test("select exists (select" + there + ")", statement),
          run);
      admin.list("select pg_terminate_backend(pid)" + there, row -> true, statement);
    }
    return run.get();
  }

  /** The texts of a list in an answer. */
  static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  /** The migration of that name in an answer. */
  public static JsonNode migration(JsonNode report, String name) {
    for (JsonNode each : report.get("migrations")) {
      if (each.get("migration").asString().startsWith(name)) {
        return each;
      }
    }
    throw new AssertionError("no " + name + " in " + report);
  }

  @Override
  public void close() {
    TestServer.drop(live);
  }
}
