package dev.belay.undo;

import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import dev.belay.config.AppSettings;
import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.PgVariables;
import dev.belay.support.TestFiles;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A live database, its migrations and their undo scripts. */
final class UndoRig implements AutoCloseable {
  private final Path folder;
  private final Target live;
  private final Map<String, String> set = new HashMap<>();

  UndoRig(Path folder) {
    this.folder = folder;
    this.live = TestServer.fresh("undo");
    set.put("scratch.keep", "0");
  }

  Target live() {
    return live;
  }

  UndoRig set(String name, String value) {
    set.put(name, value);
    return this;
  }

  /** Writes a migration below {@code db/migration}, an undo script below {@code db/undo}. */
  UndoRig write(String name, String text) {
    Path file = file(name);
    TestFiles.write(file, text);
    return this;
  }

  UndoRig delete(String name) {
    try {
      Files.delete(file(name));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
    return this;
  }

  private Path file(String name) {
    String below = name.startsWith("U") ? "db/undo/" : "db/migration/";
    return folder.resolve(name.contains("/") ? name : below + name);
  }

  Settings settings() {
    return Configuration.load(
        new Surroundings(PgVariables.of(live), folder, folder, "tester"),
        new Flags(Optional.empty(), Optional.empty(), set));
  }

  AppSettings app() {
    return settings().apps().get(0);
  }

  UndoRig migrate() {
    RealFlyway.of(live, app(), true).migrate();
    return this;
  }

  UndoRig sql(String... statements) {
    try (Database session = open()) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
    return this;
  }

  Database open() {
    return new JdbcDatabases("belay-test").open(live);
  }

  UndoPlan from(String migration) {
    return plan(request(migration, UndoRequest.Reach.DOWN_FROM));
  }

  UndoPlan generated(String migration) {
    UndoRequest asked = request(migration, UndoRequest.Reach.DOWN_FROM);
    return plan(
        new UndoRequest(
            asked.app(), migration, asked.reach(), asked.preferred(), true, asked.jars()));
  }

  UndoRequest request(String migration, UndoRequest.Reach reach) {
    return new UndoRequest(
        app().name(), migration, reach, UndoRequest.Preferred.LEDGER, false, List.of());
  }

  UndoPlan plan(UndoRequest request) {
    try (Database session = open()) {
      return UndoPlanning.plan(
          settings(), new JdbcDatabases("belay-test"), session, request, progress());
    }
  }

  static Progress progress() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new Progress(new Terminal(nowhere, nowhere, false, false, () -> null));
  }

  /** Runs the scripts of a plan on the live database, in one transaction. */
  UndoRig run(UndoPlan plan) {
    try (Database session = open()) {
      session.inTransaction(
          () -> {
            for (UndoStep step : plan.steps()) {
              step.parsed().orElseThrow().statements().forEach(each -> each.run(session));
            }
            return "";
          });
    }
    return this;
  }

  @Override
  public void close() {
    TestServer.drop(live);
  }
}
