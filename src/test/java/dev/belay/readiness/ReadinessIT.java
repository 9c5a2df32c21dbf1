package dev.belay.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.archive.DrillHistory;
import dev.belay.archive.DrillRecord;
import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Surroundings;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.flyway.FlywayLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import dev.belay.undo.RehearsedUndos;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every point on a database that one could go back with, and on one that stands in the way. */
class ReadinessIT {
  @TempDir Path folder;
  private final JdbcDatabases databases = new JdbcDatabases("belay-test");
  private Target target = TestServer.admin();

  @BeforeEach
  void create() throws IOException {
    target = TestServer.fresh("ready");
    write("db/V1__drugs.sql", "create table public.drugs as select generate_series(1, 10) id;");
    write("db/V2__notes.sql", "alter table public.drugs add notes text;");
    write("undo/U1__drugs.sql", "drop table public.drugs;");
    write("undo/U2__notes.sql", "alter table public.drugs drop column notes;");
    write(
        "belay.yaml",
        """
        jobs: 1
        apps:
          clinic:
            schemas: [public]
            locations: ["filesystem:db"]
            undoLocations: [undo]
        """);
    Flyway.configure()
        .dataSource(
            "jdbc:postgresql://%s:%d/%s"
                .formatted(
                    target.host(),
                    target.port(),
                    URLEncoder.encode(target.database(), StandardCharsets.UTF_8)),
            target.user(),
            target.password().map(secret -> secret.reveal()).orElse(""))
        .locations("filesystem:" + folder.resolve("db"))
        .load()
        .migrate();
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Cli belay() {
    return new Cli(folder).on(target).with("PATH", System.getenv("PATH"));
  }

  private Database session() {
    return databases.open(target);
  }

  /**
   * The answer, whose database has a way back that nothing but {@code set} stands in the way of.
   */
  private JsonNode look(int status, String... set) {
    List<String> arguments = new ArrayList<>(List.of("readiness", "--output", "json"));
    for (String each : set) {
      arguments.add("--set");
      arguments.add("readiness." + each);
    }
    Cli.Result result = belay().expect(status, arguments.toArray(String[]::new));
    return Json.MAPPER.readTree(result.out()).path("result");
  }

  private static JsonNode point(JsonNode result, String name) {
    for (JsonNode point : result.path("points")) {
      if (point.path("name").asString().equals(name)) {
        return point;
      }
    }
    throw new AssertionError("no point " + name + " in " + result.toPrettyString());
  }

  private static void assertStatus(JsonNode result, String name, String status) {
    assertThat(point(result, name).path("status").asString())
        .as(point(result, name).toPrettyString())
        .isEqualTo(status);
  }

  private void backup() {
    belay().expect(0, "create-backup");
  }

  @Test
  void isReadyWithAFreshBackupAndUndoScripts() {
    backup();

    JsonNode result = look(0);

    assertThat(result.path("ready").asBoolean()).isTrue();
    for (Topic topic : Topic.values()) {
      boolean elsewhere = topic == Topic.SERVER_DISK || topic == Topic.REPLICATION_SLOTS;
      if (!elsewhere && topic != Topic.DRILL) {
        assertStatus(result, topic.word(), "passed");
      }
    }
    assertThat(point(result, "backup").path("limit").asString())
        .isEqualTo("younger than 1 d 0 h and at least readable");
    assertThat(point(result, "undo-scripts").path("value").asString())
        .isEqualTo("2 of the last 2 have one, 0 rehearsed with data");
    assertThat(belay().expect(0, "readiness").out())
        .contains("Readiness of " + target)
        .contains("ready to go back");
  }

  @Test
  void countsTheUndoScriptsThatARehearsalProvedWithDataAsTheyAreNow() throws IOException {
    backup();
    belay().expect(0, "rehearse", "--applied", "2");
    assertThat(point(look(0), "undo-scripts").path("value").asString())
        .isEqualTo("2 of the last 2 have one, 2 rehearsed with data");

    Files.writeString(
        folder.resolve("undo/U2__notes.sql"), "\n-- changed since\n", StandardOpenOption.APPEND);

    assertThat(point(look(0), "undo-scripts").path("value").asString())
        .isEqualTo("2 of the last 2 have one, 1 rehearsed with data");

    // As if it had been long ago.
    Path records = folder.resolve("migration_monitoring/" + RehearsedUndos.FILE);
    String young = Files.readString(records);
    Files.writeString(records, young.replaceAll("\"at\":\"20[0-9]{2}", "\"at\":\"2001"));
    assertThat(Files.readString(records)).isNotEqualTo(young);
    assertThat(point(look(0), "undo-scripts").path("value").asString())
        .isEqualTo(
            "2 of the last 2 have one, 1 rehearsed with data (1 of them long ago, or much smaller)");

    // As if the migrations had had another text then.
    Path file = folder.resolve("migration_monitoring/" + RehearsedUndos.FILE);
    String lines = Files.readString(file);
    Files.writeString(file, lines.replaceAll("\"checksum\":-?[0-9]+", "\"checksum\":1"));
    assertThat(Files.readString(file)).isNotEqualTo(lines);

    assertThat(point(look(0), "undo-scripts").path("value").asString())
        .isEqualTo("2 of the last 2 have one, 0 rehearsed with data");
  }

  @Test
  void aDrillThatIsMissingOldOrNotProvenIsAWarning() {
    backup();
    JsonNode never = point(look(0), "drill");
    assertThat(never.path("status").asString()).isEqualTo("warning");
    assertThat(never.path("value").asString()).startsWith("never, as far as ");
    assertThat(never.path("limit").asString()).isEqualTo("younger than 30 d 0 h and proven");
    assertThat(never.path("hint").asString()).isEqualTo("belay drill");

    belay().expect(0, "drill", "--no-amcheck");
    JsonNode proven = point(look(0), "drill");
    assertThat(proven.path("status").asString()).as(proven.toPrettyString()).isEqualTo("passed");
    assertThat(proven.path("value").asString())
        .contains(" ago, proven, back at a proven state in ");

    DrillHistory history = new DrillHistory(folder.resolve("migration_monitoring"));
    Instant at = history.of(target.toString()).get(0).at();
    history.add(drill(target.toString(), at.plusMillis(1), 2));
    history.add(drill("another@" + target.host() + ":1", at.plusMillis(2), 0));
    JsonNode failed = point(look(0), "drill");
    assertThat(failed.path("status").asString()).isEqualTo("warning");
    assertThat(failed.path("value").asString()).contains("not proven, no backup was restored");
    assertThat(failed.path("findings").toString())
        .contains("it found something in 2 parts")
        .contains("the last that was proven: " + Units.moment(at));
  }

  @Test
  void anOldDrillCountsForAsLongAsIsConfigured() {
    backup();
    new DrillHistory(folder.resolve("migration_monitoring"))
        .add(drill(target.toString(), Instant.now().minus(Duration.ofDays(40)), 0));

    JsonNode old = point(look(0), "drill");
    assertThat(old.path("status").asString()).isEqualTo("warning");
    assertThat(old.path("findings").toString()).contains("it is older than 30 d 0 h");
    assertThat(old.path("value").asString()).startsWith("40 d 0 h ago, proven");
    assertStatus(look(0, "drillMaxAge=41d"), "drill", "passed");
  }

  private static DrillRecord drill(String database, Instant at, int findings) {
    return new DrillRecord(at, database, Optional.empty(), findings == 0, findings, 0, 0, 0, 0, 0);
  }

  @Test
  void findsEverythingAtOnce() throws IOException {
    Files.delete(folder.resolve("undo/U2__notes.sql"));
    try (Database other = session()) {
      other.execute("begin");
      other.execute("lock table public.drugs in access exclusive mode");

      JsonNode result =
          look(
              10,
              "diskFactor=1000",
              "longTransaction=1ms",
              "idleInTransaction=1ms",
              "connections=0");

      for (String name :
          List.of(
              "backup",
              "long-transactions",
              "idle-in-transaction",
              "strong-locks",
              "connections",
              "undo-scripts")) {
        assertStatus(result, name, "failed");
        assertThat(point(result, name).path("hint").asString()).isNotBlank();
      }
      assertThat(point(result, "strong-locks").path("findings").toString())
          .contains("holds AccessExclusiveLock on public.drugs");
      assertThat(point(result, "undo-scripts").path("findings").toString())
          .contains("V2__notes has no undo script");
      other.rollback();
    }
  }

  @Test
  void aBackupMustBeYoungAndProvenAndOfThisDatabase() throws IOException {
    belay().expect(0, "create-backup", "--level", "listed");
    JsonNode unproven = point(look(10), "backup");
    assertThat(unproven.path("findings").get(0).asString())
        .isEqualTo("nobody has proven that it is readable");
    assertThat(unproven.path("hint").asString()).startsWith("belay validate-backup ");
    assertStatus(look(0, "backupLevel=listed"), "backup", "passed");

    belay().expect(0, "validate-backup", "latest");
    assertStatus(look(0), "backup", "passed");

    Target other = TestServer.fresh("other");
    try {
      Cli.Result result =
          new Cli(folder).on(other).with("PATH", System.getenv("PATH")).run("readiness");
      assertThat(result.status()).isEqualTo(10);
      assertThat(result.out()).contains("there is no whole backup of " + other.database());
    } finally {
      TestServer.drop(other);
    }
  }

  @Test
  void aBackupThatLostAFileIsNone() throws IOException {
    backup();
    try (var files = Files.walk(folder.resolve("backups"))) {
      Files.delete(files.filter(file -> file.endsWith("toc.dat")).findFirst().orElseThrow());
    }

    JsonNode result = look(10);

    assertStatus(result, "backup", "failed");
    assertThat(point(result, "backup-files").path("findings").toString()).contains("toc.dat");
  }

  @Test
  void aFolderOfBackupsThatIsNoneHidesNothingElse() throws IOException {
    write("backups", "no folder");

    JsonNode result = look(10);

    assertStatus(result, "backup-files", "failed");
    assertStatus(result, "backup", "not checked");
    assertStatus(result, "tools", "not checked");
    assertStatus(result, "undo-scripts", "passed");
  }

  @Test
  void preparedTransactionsAreInTheWay() {
    backup();
    try (Database other = session()) {
      other.execute("begin");
      other.execute("insert into public.drugs values (11)");
      other.execute("prepare transaction 'left \"over'");
      try {
        JsonNode young = look(0);
        assertStatus(young, "prepared-transactions", "passed");
        assertThat(point(young, "prepared-transactions").path("value").asString())
            .isEqualTo("1, all young");
        assertStatus(young, "swap", "warning");
      } finally {
        other.execute("rollback prepared 'left \"over'");
      }
    }
  }

  @Test
  void whoeverWaitsForALockIsNamedWithWhoHoldsIt() throws Exception {
    backup();
    try (Database holder = session();
        Database waiter = session()) {
      holder.execute("begin");
      holder.execute("lock table public.drugs in row exclusive mode");
      Thread waiting =
          new Thread(
              () -> {
                waiter.execute("begin");
                waiter.execute("lock table public.drugs in access exclusive mode");
                waiter.rollback();
              });
      waiting.start();
      try (Database watch = session()) {
        TestServer.await(watch, "select exists (select from pg_locks where not granted)");
      }

      JsonNode result = look(10, "lockWait=1ms");

      assertThat(point(result, "lock-waits").path("findings").toString())
          .contains(
              "waits for AccessExclusiveLock on public.drugs, behind pid " + holder.loginPid());
      assertThat(point(result, "strong-locks").path("findings").toString()).contains("waits for");
      holder.rollback();
      waiting.join();
    }
  }

  /** Whoever elects a leader waits for such a lock all the time. */
  @Test
  void whoeverWaitsForAnAdvisoryLockIsInNobodysWay() throws Exception {
    backup();
    try (Database holder = session();
        Database waiter = session()) {
      holder.execute("select pg_advisory_lock(4711)");
      Thread waiting = new Thread(() -> waiter.execute("select pg_advisory_lock(4711)"));
      waiting.start();
      try (Database watch = session()) {
        TestServer.await(watch, "select exists (select from pg_locks where not granted)");
      }

      JsonNode result = look(0, "lockWait=1ms");

      assertThat(point(result, "lock-waits").path("status").asString()).isEqualTo("passed");
      holder.execute("select pg_advisory_unlock(4711)");
      waiting.join();
    }
  }

  @Test
  void anotherBelayOrFlywayAtWorkIsNamed() {
    backup();
    try (Database other = session()) {
      other.list(
          "select pg_advisory_lock(?)",
          row -> row.getString(1),
          FlywayLock.key(
              Configuration.load(
                      new Surroundings(Map.of(), folder, folder, "tester"),
                      new Flags(Optional.empty(), Optional.empty(), Map.of()))
                  .apps()
                  .get(0)));

      JsonNode result = look(10);

      assertThat(point(result, "running").path("findings").toString())
          .contains("a migration of the app clinic is in progress: pid " + other.loginPid());
    }
  }

  @Test
  void aSlotThatNobodyReadsIsNamed() {
    backup();
    String slot = "belay_test_" + ProcessHandle.current().pid();
    try (Database other = session()) {
      other.list(
          "select pg_create_physical_replication_slot(?, true)", row -> row.getString(1), slot);
      try {
        assertThat(point(look(0), "replication-slots").path("findings").toString()).contains(slot);
        assertThat(point(look(10, "slotBytes=0"), "replication-slots").path("status").asString())
            .isEqualTo("failed");
      } finally {
        other.list("select pg_drop_replication_slot(?)", row -> row.getString(1), slot);
      }
    }
  }

  @Test
  void aRoleThatSeesAndMayLittleGetsToKnowWhatIsUnknown() {
    backup();
    String name = "belay \"ready' " + ProcessHandle.current().pid();
    Identifier role = new Identifier(name);
    try (Database admin = session()) {
      admin.execute("create role " + role + " login");
      try {
        admin.execute("grant usage on schema public to " + role);
        admin.execute("grant select on all tables in schema public to " + role);
        admin.execute("begin");

        Cli.Result result = belay().with("PGUSER", name).run("readiness", "--output", "json");

        assertThat(result.status()).isEqualTo(12);
        JsonNode answer = Json.MAPPER.readTree(result.out()).path("result");
        assertThat(answer.path("overallStatus").asString()).isEqualTo("incomplete");
        assertStatus(answer, "long-transactions", "not checked");
        assertStatus(answer, "swap", "warning");
        assertStatus(answer, "server-disk", "warning");
        assertThat(point(answer, "long-transactions").path("hint").asString())
            .isEqualTo("grant pg_read_all_stats to " + role);
        admin.rollback();
      } finally {
        admin.execute("drop owned by " + role);
        admin.execute("drop role " + role);
      }
    }
  }

  @Test
  void withoutAServerItShowsWhatTheDiskTells() {
    backup();

    Cli.Result result = belay().with("PGPORT", "1").run("readiness", "--output", "json");

    assertThat(result.status()).isEqualTo(12);
    JsonNode answer = Json.MAPPER.readTree(result.out()).path("result");
    assertThat(answer.path("overallStatus").asString()).isEqualTo("unreachable");
    assertStatus(answer, "connection", "failed");
    assertStatus(answer, "backup", "passed");
    assertStatus(answer, "tools", "passed");
    assertStatus(answer, "backup-disk", "passed");
    assertStatus(answer, "unfinished-runs", "passed");
    assertStatus(answer, "lock-waits", "not checked");
    assertStatus(answer, "undo-scripts", "not checked");
    assertThat(result.err()).contains("error: cannot connect to ").contains("hint: ");
  }

  @Test
  void writesWhatItMeasuredForPrometheus() throws IOException {
    backup();
    write("db/V3__next.sql", "select 3;");

    belay().expect(0, "readiness", "--metrics-file", "out.prom");

    String labels = "{database=\"" + target.toString().replace("\"", "\\\"") + "\"}";
    String app = "{app=\"clinic\",database=\"" + target.toString().replace("\"", "\\\"") + "\"}";
    List<String> lines = Files.readAllLines(folder.resolve("out.prom"));
    assertThat(lines)
        .contains("belay_ready" + labels + " 1")
        .contains("belay_backup_level" + labels + " 2")
        .contains("belay_migrations_pending" + app + " 1")
        .contains("belay_migrations_without_undo" + app + " 0")
        .anyMatch(line -> line.matches("belay_backup_timestamp_seconds\\{.*} [\\d.E+]+"))
        .anyMatch(line -> line.startsWith("belay_disk_free_bytes{"))
        .anyMatch(line -> line.startsWith("belay_round_trip_median_seconds{"));

    belay().with("PGPORT", "1").expect(12, "readiness", "--metrics-file", "out.prom");
    assertThat(Files.readString(folder.resolve("out.prom")))
        .contains("point=\"connection\"} 2")
        .containsPattern("belay_ready\\{.*} 0");

    Cli.Result nowhere = belay().run("readiness", "--metrics-file", "no/such/out.prom");
    assertThat(nowhere.status()).isEqualTo(12);
    assertThat(nowhere.err()).contains("cannot write the metrics file");
  }

  @Test
  void writesJunit() {
    Cli.Result result = belay().run("readiness", "--output", "junit");

    assertThat(result.status()).isEqualTo(10);
    assertThat(result.out())
        .startsWith("<?xml")
        .contains("<testcase classname=\"belay.readiness\" name=\"backup\"")
        .contains("<failure type=\"finding\"");
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    for (String wrong :
        List.of(
            "backupMaxAge=yesterday",
            "backupMaxAge=0s",
            "backupLevel=perfect",
            "diskFactor=-1",
            "diskFactor=much",
            "activeSessions=110%",
            "slotBytes=1 potato",
            "roundTrips=0",
            "roundTripMedian=2s",
            "recent=-1",
            "backupAge=1h")) {
      Cli.Result result = belay().run("readiness", "--set", "readiness." + wrong);
      assertThat(result.status()).as(wrong + result.err()).isEqualTo(2);
      assertThat(result.err()).as(wrong).contains("error: --set readiness.").contains("hint: ");
    }
  }
}
