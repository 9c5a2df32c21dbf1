package dev.belay.scratch;

import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import dev.belay.config.AppSettings;
import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Target;
import dev.belay.flyway.AppState;
import dev.belay.flyway.RealFlyway;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.PgVariables;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A live database and a folder of migrations, for replays. */
final class ReplayRig implements AutoCloseable {
  private final Path folder;
  private final Target live;
  private final Map<String, String> set = new HashMap<>();
  private List<Path> jars = List.of();
  private String user;

  ReplayRig(Path folder) {
    this.folder = folder;
    this.live = TestServer.fresh("replay");
    this.user = live.user();
    set.put("scratch.keep", "0");
  }

  Target live() {
    return live;
  }

  ReplayRig set(String name, String value) {
    set.put(name, value);
    return this;
  }

  /** From now on as another role, which has the superuser's password where one is asked for. */
  ReplayRig as(String role) {
    user = role;
    return this;
  }

  ReplayRig jars(List<Path> files) {
    jars = files;
    return this;
  }

  /** Writes a migration below {@code db/migration}, or elsewhere below the folder. */
  ReplayRig write(String name, String text) throws IOException {
    Path file = folder.resolve(name.contains("/") ? name : "db/migration/" + name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  Settings settings() {
    Map<String, String> environment = PgVariables.of(live);
    environment.put("PGUSER", user);
    return Configuration.load(
        new Surroundings(environment, folder, folder, "tester"),
        new Flags(Optional.empty(), Optional.empty(), set));
  }

  AppSettings app() {
    return settings().apps().get(0);
  }

  /** Applies everything to the live database with the real Flyway. */
  ReplayRig migrate() {
    RealFlyway.of(live, app(), true).migrate();
    return this;
  }

  Recording recording(ReplayPlan.Reach reach) {
    try (Database session = open();
        ScratchReplay replay = ScratchReplay.open(settings(), session, jars, progress())) {
      return replay.recording(ReplayPlan.of(AppState.read(session, app()), reach));
    }
  }

  Database open() {
    return new JdbcDatabases("belay-test")
        .open(
            new Target(
                live.host(),
                live.port(),
                live.database(),
                user,
                live.password(),
                live.tls(),
                live.connectTimeoutSeconds()));
  }

  static Progress progress() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new Progress(new Terminal(nowhere, nowhere, false, false, () -> null));
  }

  /** Databases of Belay's own making that are on the server. */
  static List<String> left() {
    try (Database session = new JdbcDatabases("belay-test").open(TestServer.admin())) {
      return session.list(
          "select datname from pg_catalog.pg_database"
              + " where datname like 'belay\\_scratch%' or datname like 'belay\\_template%'",
          row -> row.getString(1));
    }
  }

  @Override
  public void close() {
    TestServer.drop(live);
  }
}
