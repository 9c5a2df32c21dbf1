package dev.belay.migrations;

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
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A live database with rows, and a folder of migrations of which some are pending. */
final class PendingRig implements AutoCloseable {
  private final Path folder;
  private final Target live;
  private final Map<String, String> set = new HashMap<>();
  private Target user;

  PendingRig(Path folder) {
    this.folder = folder;
    this.live = TestServer.fresh("pending");
    this.user = live;
    set.put("scratch.keep", "0");
  }

  Target live() {
    return live;
  }

  Path folder() {
    return folder;
  }

  PendingRig set(String name, String value) {
    set.put(name, value);
    return this;
  }

  /** Who checks; the server of the tests trusts everybody. */
  PendingRig as(Target other) {
    user = other;
    return this;
  }

  /** Writes a migration below {@code db/migration}, an undo script below {@code db/undo}. */
  PendingRig write(String name, String text) {
    String below = name.startsWith("U") ? "db/undo/" : "db/migration/";
    Path file = folder.resolve(name.contains("/") ? name : below + name);
    TestFiles.write(file, text);
    return this;
  }

  Map<String, String> environment() {
    return PgVariables.of(user);
  }

  Settings settings() {
    return Configuration.load(
        new Surroundings(environment(), folder, folder, "tester"),
        new Flags(Optional.empty(), Optional.empty(), set));
  }

  AppSettings app() {
    return settings().apps().get(0);
  }

  /** Applies what is there to the live database with the real Flyway. */
  PendingRig migrate() {
    RealFlyway.of(live, app(), true).migrate();
    return this;
  }

  PendingRig sql(String... statements) {
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

  CheckMigrationsReport check() {
    return check(RiskLevel.critical);
  }

  CheckMigrationsReport check(RiskLevel failOn) {
    return check(request(failOn, true, Duration.ofSeconds(10)));
  }

  CheckMigrationsRequest request(RiskLevel failOn, boolean undo, Duration countTimeout) {
    return new CheckMigrationsRequest(
        Optional.empty(), List.of(), failOn, undo, countTimeout, false, folder);
  }

  CheckMigrationsReport check(CheckMigrationsRequest request) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Progress progress = new Progress(new Terminal(nowhere, nowhere, false, false, () -> null));
    return new CheckMigrations(new JdbcDatabases("belay-test")).run(settings(), request, progress);
  }

  /** The one migration of that name. */
  static PendingRisk pending(CheckMigrationsReport report, String name) {
    return report.apps().get(0).pending().stream()
        .filter(each -> each.migration().startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  /** Its risks as {@code level rule: what}. */
  static List<String> risks(PendingRisk pending) {
    return pending.risks().stream()
        .map(risk -> risk.level() + " " + risk.rule() + ": " + risk.what())
        .toList();
  }

  @Override
  public void close() {
    TestServer.drop(live);
  }
}
