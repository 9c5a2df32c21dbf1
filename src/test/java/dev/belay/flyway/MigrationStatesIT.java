package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.config.AppSettings;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.output.ValidateOutput;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our account of every migration is that of the real Flyway, however odd the history is. */
class MigrationStatesIT {
  private static final int SCENARIOS = Integer.getInteger("belay.scenarios", 160);
  private static final long SEED = 20260101;

  private static Target target = TestServer.admin();

  @BeforeAll
  static void create() {
    target = TestServer.fresh("states");
  }

  @AfterAll
  static void drop() {
    TestServer.drop(target);
  }

  @Test
  void saysWhatFlywaySaysForHistoriesMadeAtRandom(@TempDir Path temporary) throws IOException {
    Set<MigrationState> seen = new TreeSet<>();
    int compared = 0;
    for (int number = 0; number < SCENARIOS; number++) {
      RandomScenario scenario =
          new RandomScenario(new Random(SEED + number), temporary.resolve("s" + number), number);
      AppSettings app = scenario.app();
      scenario.writeScripts();
      try (Database database = new JdbcDatabases("belay-test").open(target)) {
        compare(database, app, scenario, "before any history, " + number, seen);
        boolean readable = scenario.writeHistory(database, scan(app));
        if (readable) {
          compare(database, app, scenario, "scenario " + number, seen);
          compareValidation(database, app, number + ": " + scenario);
          compared++;
        }
        database.execute("drop schema " + new Identifier(app.historySchema()) + " cascade");
      }
    }
    assertThat(compared).as("scenarios with a history").isGreaterThan(SCENARIOS * 8 / 10);
    List<MigrationState> expected = new ArrayList<>(Arrays.asList(MigrationState.values()));
    expected.remove(MigrationState.HELD);
    expected.remove(MigrationState.UNDONE);
    assertThat(seen).as("states that the scenarios made Flyway say").containsAll(expected);
  }

  private static void compare(
      Database database,
      AppSettings app,
      RandomScenario scenario,
      String what,
      Set<MigrationState> seen) {
    List<String> flyway = new ArrayList<>();
    for (MigrationInfo info : flyway(app).info().all()) {
      flyway.add(
          line(
              info.getInstalledRank(),
              String.valueOf(info.getVersion()),
              info.getDescription(),
              String.valueOf(info.getType()),
              info.getState().name(),
              info.getChecksum()));
    }
    MigrationHistory history = HistoryQueries.read(database, app);
    MigrationScripts scripts = scan(app);
    List<String> ours = new ArrayList<>();
    for (Migration migration : MigrationStates.of(database, app, history, scripts)) {
      seen.add(migration.flywayState());
      AppliedMigration applied = migration.applied();
      MigrationScript script = migration.script();
      ours.add(
          line(
              applied == null ? null : Integer.valueOf(applied.installedRank()),
              String.valueOf(migration.version()),
              migration.description(),
              applied == null ? migration.type() : applied.resolvedType(),
              migration.flywayState().name(),
              applied != null ? applied.checksum() : script == null ? null : script.checksum()));
    }
    assertThat(ours).as("%s: %s", what, scenario).containsExactlyElementsOf(flyway);
  }

  private static void compareValidation(Database database, AppSettings app, String what) {
    List<String> flyway = new ArrayList<>();
    for (ValidateOutput wrong : flyway(app).validateWithResult().invalidMigrations) {
      String code = String.valueOf(wrong.errorDetails.errorCode);
      if (code.endsWith("_MISMATCH")) {
        flyway.add(wrong.version + " " + wrong.description + " " + code);
      }
    }
    List<String> ours = new ArrayList<>();
    MigrationHistory history = HistoryQueries.read(database, app);
    for (Migration migration : MigrationStates.of(database, app, history, scan(app))) {
      if (!migration.differences().isEmpty()) {
        String version = migration.version() == null ? "" : migration.version().toString();
        ours.add(
            version
                + " "
                + migration.description()
                + " "
                + migration.differences().get(0)
                + "_MISMATCH");
      }
    }
    assertThat(ours).as("validation of " + what).containsExactlyInAnyOrderElementsOf(flyway);
  }

  private static String line(
      @Nullable Integer rank,
      String version,
      String description,
      String type,
      String state,
      @Nullable Integer checksum) {
    return String.join(
        " | ", String.valueOf(rank), version, description, type, state, String.valueOf(checksum));
  }

  private static MigrationScripts scan(AppSettings app) {
    return MigrationScripts.scan(app, target);
  }

  private static Flyway flyway(AppSettings app) {
    return RealFlyway.of(target, app, false);
  }
}
