package dev.belay.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.OperationLock;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Await;
import dev.belay.support.Cli;
import dev.belay.support.Cluster;
import dev.belay.support.TestServer;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.RehearsedUndos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Emergency recovery on a server whose settings are sound, so that nothing else is found. */
class EmergencyRecoveryIT {
  private static Cluster cluster;
  private static int number;

  @TempDir Path here;
  private Ward ward;

  @BeforeAll
  static void start() {
    cluster =
        Cluster.with()
            .rule("host all all 127.0.0.1/32 trust")
            .setting("fsync", "on")
            .setting("max_prepared_transactions", "5")
            .start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void make() {
    ward = new Ward(database("emergency \"Ü;' " + number++), here);
  }

  private static Target database(String name) {
    try (Database session = new JdbcDatabases("ward-test").open(cluster.admin())) {
      session.execute("create database " + new Identifier(name) + " template template0");
    }
    return cluster.admin().withDatabase(name);
  }

  @Test
  void savesAHealthyDatabaseAndSaysThatNothingIsWrong() {
    ward.migrated();
    ward.cli().expect(0, "create-backup", "--level", "restored");
    String old = ward.files("backups").get(0);
    ward.cli().expect(0, "rehearse", "--applied", "1");

    Cli.Result result = ward.cli().expect(0, "emergency-recovery", "--yes", "--output", "json");

    for (String step : List.of("emergency-backup", "critical-export", "state", "schema", "fixes")) {
      assertThat(Ward.status(result, step)).as(step).isEqualTo("done");
    }
    assertThat(Ward.status(result, "final-verification")).isEqualTo("done");
    assertThat(ward.files("backups")).hasSize(2);
    assertThat(ward.files("data_exports")).hasSize(2);
    assertThat(Ward.step(result, "critical-export").get("summary").asString())
        .startsWith("100 rows of 1 table in ");
    JsonNode undo = Ward.way(result, "undo").orElseThrow();
    assertThat(undo.get("usable").asBoolean()).isTrue();
    assertThat(undo.get("rowsLost").asLong()).isZero();
    assertThat(undo.get("command").asString()).isEqualTo("belay rollback-migration ward V3");
    assertThat(undo.get("proven").asString())
        .startsWith("just now")
        .contains("rehearsed with data")
        .endsWith("every row was as before");
    assertThat(undo.get("timeBasis").asString()).contains(" for the script, as in the rehearsal ");
    JsonNode restore = Ward.way(result, "restore").orElseThrow();
    assertThat(restore.get("command").asString())
        .isEqualTo("belay backup-restore " + old + " --expect-writes");
    assertThat(restore.get("rowsLost").asLong()).isZero();
    assertThat(restore.get("loss").asString()).startsWith("nothing until 20");
    assertThat(restore.get("timeBasis").asString()).startsWith("measured");
    assertThat(Ward.answer(result).get("advice").get("text").asString())
        .startsWith("nothing is wrong");
    JsonNode again = Ward.way(ward.quick(0, "--dry-run"), "restore").orElseThrow();
    assertThat(again.get("command").asString()).startsWith("belay backup-restore " + old);
    assertThat(ward.cli().expect(0, "audit").out())
        .as("on record though nobody had to agree to anything")
        .containsPattern("emergency-recovery .* OK \\(0\\)");
    assertThat(result.out()).contains("\"databaseChanged\": false");
  }

  @Test
  void aDatabaseThatADeadRunMadeForItselfIsDroppedWhichChangesNoLiveOne() {
    ward.migrated();
    ward.sql("create database belay_scratch_0123456789ab_1");

    Cli.Result result = ward.quick(0, "--yes");

    assertThat(Ward.answer(result).get("recovered").toString())
        .contains("belay_scratch_0123456789ab_1 of a dead run: dropped");
    assertThat(result.out()).contains("\"databaseChanged\": false");
  }

  @Test
  void whatADestructiveMigrationTookIsNotSaidToComeBackWithItsUndo() {
    ward.migrated();
    ward.sql("update " + Ward.BEDS + " set notes = 'kept here only'");
    ward.script("V4__gone.sql", "alter table " + Ward.BEDS + " drop column notes;");
    ward.put("undo/U4__gone.sql", "alter table " + Ward.BEDS + " add notes text;");
    ward.cli().expect(10, "rehearse", "--from-live");
    ward.applied();
    ward.sql("create index \"Of Nobody\" on " + Ward.BEDS + " (age)");

    Cli.Result rehearsed = ward.quick(10, "--yes");

    JsonNode undo = Ward.way(rehearsed, "undo").orElseThrow();
    assertThat(undo.get("against").asString())
        .startsWith("it does not bring back 100 rows or values that were lost in the rehearsal");
    assertThat(undo.get("rowsLost").asLong()).isEqualTo(100);
    assertThat(undo.get("rowsLostExact").asBoolean()).isFalse();
    assertThat(advice(rehearsed, "text")).contains("; or the undo, but it does not bring back");
    assertThat(advice(rehearsed, "command")).isEqualTo("belay verify-state");

    ward.remove("migration_monitoring/rehearsals.jsonl");
    Cli.Result never = ward.quick(10, "--yes");

    assertThat(Ward.way(never, "undo").orElseThrow().get("against").asString())
        .startsWith("it does not bring back what the migration took (it dropped table column ");
    assertThat(Ward.way(never, "undo").orElseThrow().has("rowsLost")).isFalse();
    assertThat(advice(never, "command")).isEqualTo("belay verify-state");
  }

  @Test
  void whatMayHaveHeldSomethingWhenItWasDroppedIsNotSaidToBeGivenBack() {
    ward.migrated();
    ward.script("V4__gone.sql", "alter table " + Ward.BEDS + " drop column notes;");
    ward.put("undo/U4__gone.sql", "alter table " + Ward.BEDS + " add notes text;");
    ward.cli().expect(0, "rehearse", "--from-live");
    ward.sql("update " + Ward.BEDS + " set notes = 'kept here only'");
    ward.applied();

    JsonNode undo = Ward.way(ward.quick(0, "--yes"), "undo").orElseThrow();

    assertThat(undo.get("against").asString())
        .startsWith("it may not bring back what the migration took (it dropped table column ");
    assertThat(undo.has("rowsLost")).isFalse();
    assertThat(undo.get("rowsLostExact").asBoolean()).isFalse();
  }

  @Test
  void withoutRoomForAProofNoneIsTriedAndTheRestIsDone() {
    ward.migrated();
    ward.sql("insert into " + Ward.BEDS + " (id, name) values (500, 'by hand')");
    Set<String> databases = databases();

    // A name by which nobody takes the server's disks for this machine's.
    Cli.Result result =
        ward.cli()
            .with("PGHOST", "LOCALHOST")
            .expect(
                20,
                "emergency-recovery",
                "--yes",
                "--no-backup",
                "--output",
                "json",
                "--set",
                "scratch.room=50MB");

    String told =
        "the server has 50.0 MB of disk space left, and a proof in scratch databases is made only where there are ";
    assertThat(Ward.status(result, "schema")).isEqualTo("not done");
    assertThat(Ward.step(result, "schema").get("summary").asString()).startsWith(told);
    assertThat(Ward.step(result, "schema").get("hint").asString())
        .contains("free disk space", "--set scratch.server=other --set scratch.url=");
    assertThat(Ward.status(result, "critical-export")).isEqualTo("done");
    assertThat(Ward.fixes(result)).containsExactly("sequence-behind fixed");
    JsonNode undo = Ward.way(result, "undo").orElseThrow();
    assertThat(undo.get("proven").asString()).startsWith("not proven now: ").contains(told);
    assertThat(undo.get("command").asString()).contains("rollback-migration", "ward V3 --unproven");
    assertThat(Ward.step(result, "final-verification").toString()).contains("schema: " + told);
    assertThat(databases()).isEqualTo(databases);

    Cli.Result roomy =
        ward.cli()
            .with("PGHOST", "LOCALHOST")
            .expect(
                0,
                "emergency-recovery",
                "--no-backup",
                "--no-export",
                "--output",
                "json",
                "--set",
                "scratch.room=200MB");
    assertThat(Ward.status(roomy, "schema")).isEqualTo("done");
    // What was replayed is kept as a template, by which one sees that it was.
    assertThat(databases()).hasSizeGreaterThan(databases.size());
  }

  private static Set<String> databases() {
    try (Database session = new JdbcDatabases("ward-test").open(cluster.admin())) {
      return new HashSet<>(
          session.list("select datname from pg_catalog.pg_database", row -> row.getString(1)));
    }
  }

  @Test
  void aRehearsalThatFailedForbidsNoUndo() {
    ward.migrated();
    ward.cli().expect(0, "rehearse", "--applied", "1");
    RehearsedUndos rehearsals = new RehearsedUndos(here.resolve("migration_monitoring"));
    RehearsedUndo proven = rehearsals.all().get(0);

    rehearsals.add(List.of(failed(proven, 1, -1)));
    JsonNode never = Ward.way(ward.quick(0, "--yes"), "undo").orElseThrow();
    assertThat(never.get("usable").asBoolean()).isTrue();
    assertThat(never.has("against")).isFalse();
    assertThat(never.get("proven").asString()).contains("never rehearsed with data");

    rehearsals.add(List.of(failed(proven, 2, 5)));
    JsonNode tried = Ward.way(ward.quick(0, "--yes"), "undo").orElseThrow();
    assertThat(tried.get("usable").asBoolean()).isTrue();
    assertThat(tried.get("against").asString()).endsWith("on a copy with data, ended with: failed");
  }

  @Test
  void whatAnOldRehearsalMeasuredIsSaidToBeOld() throws IOException {
    ward.migrated();
    ward.cli().expect(0, "create-backup");
    ward.cli().expect(0, "rehearse", "--applied", "1");
    Path folder = here.resolve("migration_monitoring");
    RehearsedUndos rehearsals = new RehearsedUndos(folder);
    RehearsedUndo last = rehearsals.all().get(0);
    JsonNode young = Ward.way(ward.quick(0, "--yes"), "undo").orElseThrow();
    assertThat(young.get("timeBasis").asString()).contains("as in the rehearsal of ");
    assertThat(young.toString()).doesNotContain("(old: ");

    Files.delete(folder.resolve(RehearsedUndos.FILE));
    rehearsals.add(List.of(at(last, last.at().minus(Duration.ofDays(40)), 4_000_000L)));
    JsonNode old = Ward.way(ward.quick(0, "--yes"), "undo").orElseThrow();

    assertThat(old.get("usable").asBoolean()).isTrue();
    assertThat(old.get("timeBasis").asString())
        .contains("as in the rehearsal of ")
        .contains("(old: 40 d 0 h ago, the database has grown from 4.0 MB to ");
    assertThat(old.get("proven").asString())
        .contains("; rehearsed with data ", "(old: 40 d 0 h ago, ", ": every row was as before");

    Files.delete(folder.resolve(RehearsedUndos.FILE));
    rehearsals.add(List.of(at(last, last.at().minus(Duration.ofDays(40)), null)));
    Cli.Result longer = ward.quick(0, "--yes", "--set", "rehearsal.maxAge=41d");
    assertThat(Ward.way(longer, "undo").orElseThrow().toString()).doesNotContain("(old: ");
    assertThat(ward.quick(2, "--yes", "--set", "rehearsal.maxAge=soon").err())
        .contains("rehearsal.maxAge");
  }

  private static RehearsedUndo at(RehearsedUndo as, Instant at, @Nullable Long liveBytes) {
    return new RehearsedUndo(
        at,
        as.database(),
        as.app(),
        as.migration(),
        as.version(),
        as.undoSha256(),
        as.verdict(),
        as.rowsLost(),
        as.undoMillis(),
        as.copyBytes(),
        as.source(),
        as.thereAndBack(),
        as.checksum(),
        liveBytes);
  }

  private static RehearsedUndo failed(RehearsedUndo as, int secondsLater, long undoMillis) {
    return new RehearsedUndo(
        as.at().plusSeconds(secondsLater),
        as.database(),
        as.app(),
        as.migration(),
        as.version(),
        as.undoSha256(),
        "failed",
        0,
        undoMillis,
        as.copyBytes(),
        as.source(),
        as.thereAndBack(),
        as.checksum(),
        as.liveBytes());
  }

  @Test
  void anUndoThatRemovesRowsIsNotSaidToLoseNone() {
    ward.put(
        "undo/U3__notes.sql",
        "delete from %s where age > 50; alter table %s drop column notes;"
            .formatted(Ward.BEDS, Ward.BEDS));
    ward.migrated();

    JsonNode undo = Ward.way(ward.quick(0, "--yes"), "undo").orElseThrow();

    assertThat(undo.get("usable").asBoolean()).isTrue();
    assertThat(undo.has("rowsLost")).isFalse();
    assertThat(undo.get("rowsLostExact").asBoolean()).isFalse();
    assertThat(undo.get("loss").asString())
        .contains("are removed or overwritten, counted when that was done");
  }

  @Test
  void dataThatWasNotCheckedIsNotSaidToBeSound() {
    ward.migrated();

    Cli.Result result =
        ward.quick(0, "--yes", "--set", "emergency.checkLimit=1kB", "--url", url("hunter22"));

    JsonNode last = Ward.step(result, "final-verification");
    assertThat(last.get("summary").asString()).endsWith("but the data was not checked");
    assertThat(last.get("details").toString())
        .contains("not checked: data: it is ", "emergency.checkLimit is 1.0 kB");
    assertThat(advice(result, "text")).startsWith("nothing is known to be wrong");
    assertThat(advice(result, "command"))
        .startsWith("belay verify-integrity --set emergency.checkLimit=1kB --url 'host=")
        .contains(" dbname=");
    assertThat(result.out()).doesNotContain("hunter22");
  }

  private String url(String password) {
    return "host=%s port=%d user=%s password=%s dbname='%s'"
        .formatted(
            ward.target.host(),
            ward.target.port(),
            ward.target.user(),
            password,
            ward.target.database().replace("'", "\\'"));
  }

  private static String advice(Cli.Result result, String part) {
    return Ward.answer(result).get("advice").get(part).asString();
  }

  @Test
  void whatAnotherBelayKeepsFromBeingFixedIsLeftAndSaid() {
    ward.migrated();
    ward.sql("insert into " + Ward.BEDS + " (id, name) values (500, 'by hand')");
    RunId other = RunId.fresh();
    try (OperationLock lock =
        OperationLock.acquire(
            new JdbcDatabases(RunSessions.name(other)),
            cluster.admin(),
            ward.target,
            other,
            "create-backup",
            Duration.ZERO,
            warning -> {})) {
      lock.check();

      Cli.Result result = ward.quick(10, "--yes");

      assertThat(Ward.fixes(result)).containsExactly("sequence-behind left");
      assertThat(result.out()).contains("could be fixed, and was not: another belay is working on");
      assertThat(advice(result, "command")).isEqualTo("belay verify-state");
      assertThat(advice(result, "text")).contains("run the same command again when it is done");
    }
  }

  @Test
  void aMigrationThatFailedHalfWayIsTakenOutOfTheHistoryWhenItLeftNothing() {
    ward.migrated();
    ward.sql("insert into " + Ward.BEDS + " (name) values ('twin'), ('twin')");
    ward.failing("create unique index concurrently \"Once\" on " + Ward.BEDS + " (name);");
    assertThat(ward.invalidIndexes()).isOne();
    assertThat(ward.failedRows()).isOne();

    Cli.Result dry = ward.quick(10, "--dry-run");
    assertThat(Ward.fixes(dry)).containsExactly("invalid-index left", "failed-history-row left");
    assertThat(dry.err()).contains("Plan: fix what is safely fixable");
    assertThat(ward.invalidIndexes()).isOne();
    assertThat(Ward.way(dry, "undo").orElseThrow().get("usable").asBoolean()).isFalse();

    Cli.Result result = ward.quick(0, "--yes");

    assertThat(Ward.fixes(result))
        .containsExactly("invalid-index fixed", "failed-history-row fixed");
    assertThat(ward.invalidIndexes()).isZero();
    assertThat(ward.failedRows()).isZero();
    assertThat(result.out()).contains("\"databaseChanged\": true");
    assertThat(Ward.answer(result).get("advice").get("command").asString())
        .isEqualTo("belay migrate ward");
    assertThat(Ward.way(result, "roll-forward").orElseThrow().get("command").asString())
        .isEqualTo("belay migrate ward");
    assertThat(Ward.way(result, "undo").orElseThrow().get("usable").asBoolean()).isTrue();
    assertThat(ward.files("conflict_reports")).isNotEmpty();
    ward.cli().expect(0, "audit", "--verify");
    assertThat(ward.cli().expect(0, "audit").out()).contains("emergency-recovery");
  }

  @Test
  void aFailedMigrationThatMayHaveChangedRowsStaysInTheHistory() {
    ward.migrated();
    ward.put("db/V4__fails.sql.conf", "executeInTransaction=false\n");
    ward.failing(
        """
        update %s set age = age + 1;
        create unique index concurrently "Once" on %s ((age > 0));
        """
            .formatted(Ward.BEDS, Ward.BEDS));

    Cli.Result result = ward.quick(20, "--yes");

    assertThat(Ward.fixes(result))
        .containsExactlyInAnyOrder("invalid-index fixed", "failed-history-row left");
    assertThat(result.out()).contains("line 1 may have changed what the catalogue does not show");
    assertThat(ward.failedRows()).isOne();
    assertThat(Ward.status(result, "final-verification")).isEqualTo("found");
  }

  @Test
  void whatAFailedMigrationLeftKeepsItsRow() {
    ward.migrated();
    ward.failing(
        """
        create index concurrently "First" on %s (age);
        create unique index concurrently "Once" on %s ((age > 0));
        """
            .formatted(Ward.BEDS, Ward.BEDS));

    Cli.Result result = ward.quick(20, "--yes");

    assertThat(result.out()).contains("left something: orphaned: index");
    assertThat(ward.failedRows()).isOne();
    assertThat(ward.invalidIndexes()).isZero();
  }

  @Test
  void anInvalidIndexThatTheMigrationsWantIsMadeAnew() {
    ward.migrated();
    invalid("By Name");

    Cli.Result result = ward.quick(0, "--yes");

    assertThat(Ward.fixes(result)).containsExactly("invalid-index fixed");
    assertThat(ward.invalidIndexes()).isZero();
    assertThat(ward.number("select count(*) from pg_catalog.pg_class where relname = 'By Name'"))
        .isOne();
  }

  @Test
  void sequencesAreMovedOnAndNeverBack() {
    ward.migrated();
    ward.sql(
        "insert into " + Ward.BEDS + " (id, name) values (500, 'by hand')",
        "create table " + Identifiers.of("Down") + " (id integer primary key)",
        "create sequence "
            + Identifiers.of("Down Seq")
            + " increment by -1 minvalue -1000 maxvalue -1 start -1",
        "alter table "
            + Identifiers.of("Down")
            + " alter id set default nextval("
            + Identifier.literal(Identifiers.of("Down Seq"))
            + ")",
        "insert into " + Identifiers.of("Down") + " values (-7)");

    Cli.Result result = ward.quick(20, "--yes", "--set", "apps.ward.ignore=table *.Down*");

    assertThat(Ward.fixes(result))
        .containsExactly("sequence-behind fixed", "sequence-behind fixed");
    ward.sql("insert into " + Ward.BEDS + " (name) values ('next')");
    assertThat(ward.number("select max(id) from " + Ward.BEDS)).isEqualTo(501);
    ward.sql("insert into " + Identifiers.of("Down") + " default values");
    assertThat(ward.number("select min(id) from " + Identifiers.of("Down"))).isEqualTo(-8);
    assertThat(Ward.fixes(ward.quick(10, "--yes"))).isEmpty();
  }

  @Test
  void aSequenceKeepsItsValuesWhereOneRowIsFarAway() {
    ward.migrated();
    ward.sql(
        "create table " + Identifiers.of("Far") + " (id serial primary key)",
        "insert into " + Identifiers.of("Far") + " select from generate_series(1, 10)",
        "insert into " + Identifiers.of("Far") + " values (2147483647)",
        "create table " + Identifiers.of("Full") + " (id smallserial primary key)",
        "select setval(" + Identifier.literal(Identifiers.of("Full_id_seq")) + ", 32767)",
        "insert into " + Identifiers.of("Full") + " values (32767)");

    Cli.Result result = ward.quick(10, "--yes");

    assertThat(Ward.fixes(result))
        .containsExactly("sequence-behind left", "sequence-exhausted left");
    assertThat(result.out())
        .contains("moving it there from 10 would leave it 0 values")
        .contains("no value is left after 32767")
        .contains("\"databaseChanged\": false");
    ward.sql("insert into " + Identifiers.of("Far") + " default values");
  }

  @Test
  void nobodyWaitsForASequenceWhoseColumnTakesLongToLookThrough() {
    ward.migrated();
    ward.sql(
        "create table " + Identifiers.of("Long") + " (id serial)",
        "insert into " + Identifiers.of("Long") + " select from generate_series(1, 200000)",
        "insert into " + Identifiers.of("Long") + " values (200005)");

    Cli.Result result = ward.quick(10, "--yes", "--set", "lockTimeout=2ms");

    assertThat(Ward.fixes(result)).containsExactly("sequence-behind left");
    assertThat(result.out()).contains("takes longer than 2 ms, and nobody could insert meanwhile");
  }

  @Test
  void aReindexThatIsTriedAgainLeavesNothingBehind() throws Exception {
    ward.migrated();
    invalid("By Name");
    ward.sql("create table public.elsewhere (id integer)");
    try (Database other = ward.open();
        Database watching = ward.open()) {
      other.execute("begin isolation level repeatable read");
      other.execute("select from public.elsewhere");
      CompletableFuture<Void> second =
          CompletableFuture.runAsync(
              () -> {
                Set<Long> seen = new HashSet<>();
                Await.until(
                    "the index is begun for the second time",
                    () -> {
                      seen.addAll(
                          watching.list(
                              "select oid::bigint from pg_class where relname like 'By Name_ccnew%'",
                              row -> row.getLong(1)));
                      return seen.size() >= 2;
                    });
                other.execute("commit");
              });

      Cli.Result result = Await.both(second, () -> ward.quick(0, "--yes"));

      assertThat(Ward.fixes(result)).as(result.out()).containsExactly("invalid-index fixed");
    }
    assertThat(ward.number("select count(*) from pg_class where relname like '%_cc%'")).isZero();
  }

  @Test
  void aWriterWhoEndsBetweenTwoTriesKeepsNoIndexFromBeingMadeAnew() throws Exception {
    ward.migrated();
    invalid("By Name");
    try (Database writer = ward.open();
        Database watching = ward.open()) {
      writer.execute("begin");
      writer.execute("insert into " + Ward.BEDS + " (name) values ('open')");
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              () -> {
                // The first try left one, and its drop waits for the writer, too.
                awaitDrop(watching, true);
                awaitDrop(watching, false);
                writer.execute("commit");
              });

      Cli.Result result = Await.both(end, () -> ward.quick(0, "--yes"));

      assertThat(Ward.fixes(result)).as(result.out()).containsExactly("invalid-index fixed");
    }
    assertThat(ward.number("select count(*) from pg_class where relname like '%_cc%'")).isZero();
    assertThat(ward.invalidIndexes()).isZero();
  }

  /** Waits until somebody waits who drops an index, or until nobody does any more. */
  private static void awaitDrop(Database watching, boolean waits) {
    TestServer.await(
        watching,
        "select ? = exists (select from pg_stat_activity a join pg_locks l using (pid)"
            + " where not l.granted and a.query like 'drop index%'"
            + " and a.datname = current_database())",
        waits);
  }

  @Test
  void whatAReindexLeftIsNamedWhenItCannotBeDropped() {
    ward.migrated();
    invalid("By Name");
    try (Database other = ward.open()) {
      other.execute("begin isolation level repeatable read");
      other.execute("select from " + Ward.BEDS);

      Cli.Result result = ward.quick(20, "--yes", "--set", "lockTimeout=20ms");

      assertThat(Ward.fixes(result)).containsExactly("invalid-index uncertain");
      assertThat(result.out())
          .contains("an unfinished reindex left " + Ward.SCHEMA.replace("\"", "\\\""))
          .contains("By Name_ccnew");
    }
    assertThat(ward.number("select count(*) from pg_class where relname like '%_cc%'")).isOne();

    assertThat(Ward.fixes(ward.quick(0, "--yes")))
        .containsExactly("invalid-index fixed", "invalid-index fixed");
    assertThat(ward.invalidIndexes()).isZero();
  }

  @Test
  void whatCouldNotBeComparedWithTheMigrationsIsNotSaidToBeNoneOfTheirs() {
    ward.migrated();
    ward.script("V2__age.sql", "this is no statement;");
    invalid("By Name");

    Cli.Result result = ward.quick(10, "--yes");

    assertThat(Ward.status(result, "schema")).isEqualTo("not done");
    assertThat(advice(result, "text"))
        .startsWith("whether what is wrong is of the migrations is not known");
  }

  @Test
  void whatAMissingMigrationMayHaveMadeIsNotDropped() throws IOException {
    ward.migrated();
    Files.delete(here.resolve("db/V2__age.sql"));
    ward.sql(
        "create index \"Stray\" on " + Ward.BEDS + " (age)",
        "create index \"Mine_ccnew\" on " + Ward.BEDS + " (age, name)",
        "create index \"By Name_ccnew\" on " + Ward.BEDS + " (name)");
    invalid("Stray");
    invalid("Mine_ccnew");
    invalid("By Name_ccnew");

    Cli.Result result = ward.quick(20, "--yes");

    assertThat(Ward.fixes(result))
        .containsExactlyInAnyOrder(
            "invalid-index left", "invalid-index left", "invalid-index fixed");
    assertThat(
            ward.number("select count(*) from pg_class where relname in ('Stray', 'Mine_ccnew')"))
        .isEqualTo(2);
  }

  @Test
  void onlyWhatIsTheAppsIsFixed() throws IOException {
    ward.migrated();
    ward.sql("insert into " + Ward.BEDS + " (id, name) values (500, 'by hand')");
    ward.put(
        "belay.yaml",
        Files.readString(here.resolve("belay.yaml"))
            + """
              other:
                schemas: [public]
                locations: ['filesystem:%s']
            """
                .formatted(Files.createDirectories(here.resolve("none"))));

    assertThat(Ward.fixes(ward.quick(10, "other", "--yes"))).isEmpty();
    Cli.Result dry = ward.quick(10, "ward", "--dry-run");
    assertThat(advice(dry, "command"))
        .isEqualTo("belay emergency-recovery ward --no-backup --no-export");
    assertThat(Ward.fixes(ward.quick(0, "ward", "--yes"))).containsExactly("sequence-behind fixed");
  }

  @Test
  void aConstraintOfADomainIsLeft() {
    ward.migrated();
    ward.sql(
        "create domain " + Identifiers.of("Age") + " as integer",
        "alter domain " + Identifiers.of("Age") + " add constraint ok check (value > 0) not valid");

    Cli.Result result = ward.quick(10, "--yes");

    assertThat(Ward.fixes(result)).containsExactly("constraint-not-validated left");
    assertThat(result.out()).contains("stops writes to every table that has a column of");
  }

  private void invalid(String index) {
    ward.sql(
        "update pg_catalog.pg_index set indisvalid = false"
            + " where indexrelid = (select oid from pg_catalog.pg_class where relname = '"
            + index
            + "')");
  }

  @Test
  void aConstraintIsValidatedOnlyWhenNoRowBreaksIt() {
    ward.migrated();
    String again =
        "alter table %s drop constraint \"Age ok\", add constraint \"Age ok\" check (age >= 0) not valid"
            .formatted(Ward.BEDS);
    ward.sql(again);
    assertThat(Ward.fixes(ward.quick(0, "--yes")))
        .containsExactly("constraint-not-validated fixed");

    ward.sql(
        "alter table %s drop constraint \"Age ok\"".formatted(Ward.BEDS),
        "insert into " + Ward.BEDS + " (name, age) values ('unborn', -1)",
        "alter table %s add constraint \"Age ok\" check (age >= 0) not valid".formatted(Ward.BEDS));
    Cli.Result broken = ward.quick(10, "--yes");

    assertThat(Ward.fixes(broken)).containsExactly("constraint-not-validated left");
    assertThat(broken.out()).contains("rows break it", "belay verify-integrity --check check-viol");
    assertThat(broken.out()).contains("\"databaseChanged\": false");
  }

  @Test
  void aConstraintThatItsMigrationLeavesOpenStaysSo() {
    ward.script(
        "V4__later.sql",
        "alter table " + Ward.BEDS + " add constraint later check (name <> '') not valid;");
    ward.migrated();

    Cli.Result result = ward.quick(10, "--yes");

    assertThat(Ward.fixes(result)).containsExactly("constraint-not-validated left");
    assertThat(result.out()).contains("the applied migrations leave it so");
    assertThat(Ward.status(result, "schema")).isEqualTo("done");
  }

  @Test
  void nothingIsFixedWithoutConsentOrAgainstIt() {
    ward.migrated();
    ward.sql("insert into " + Ward.BEDS + " (id, name) values (500, 'by hand')");

    Cli.Result silent = ward.quick(11);
    assertThat(silent.err()).contains("error: nobody is there to confirm the plan");
    assertThat(Ward.answer(silent).get("steps").size()).isEqualTo(6);

    Cli.Result no =
        ward.cli()
            .answering("orders")
            .expect(
                11,
                "emergency-recovery",
                "--no-backup",
                "--no-export",
                "--set",
                "environment=production");
    assertThat(no.err()).contains("This is production. Type the name of the database");
    assertThat(no.out()).contains("could be fixed, and was not");

    assertThat(Ward.fixes(ward.quick(10, "--no-fix"))).containsExactly("sequence-behind left");
    assertThat(
            ward.number(
                "select last_value from pg_catalog.pg_sequences where sequencename like 'Beds%'"))
        .isEqualTo(100);
  }

  @Test
  void aPreparedTransactionIsNamedAndNotEnded() {
    ward.migrated();
    ward.sql(
        "begin",
        "create table public.in_doubt (id integer)",
        "prepare transaction 'it''s \"in doubt\"'");
    try {
      Cli.Result result = ward.quick(10, "--yes");

      assertThat(Ward.fixes(result)).containsExactly("prepared-transaction left");
      assertThat(result.out()).contains("rollback prepared", "in doubt");
      assertThat(result.out())
          .contains("psql -d 'host=" + ward.target.host())
          .doesNotContain("psql -c");
      assertThat(ward.number("select count(*) from pg_catalog.pg_prepared_xacts")).isOne();
    } finally {
      ward.sql("rollback prepared 'it''s \"in doubt\"'");
    }
  }

  @Test
  void whatSomebodyLocksIsLeftAndTheOthersAreFixed() {
    ward.migrated();
    ward.sql(
        "insert into " + Ward.BEDS + " (id, name) values (500, 'by hand')",
        "create table " + Identifiers.of("Locked") + " (id serial)",
        "insert into " + Identifiers.of("Locked") + " values (5)");
    try (Database other = ward.open()) {
      other.execute("begin");
      other.execute("select nextval(" + Identifier.literal(Identifiers.of("Locked_id_seq")) + ")");

      Cli.Result result = ward.quick(20, "--yes", "--set", "lockTimeout=20ms");

      assertThat(Ward.fixes(result))
          .containsExactlyInAnyOrder("sequence-behind fixed", "sequence-behind left");
      assertThat(result.out()).contains("in the way: ");
    }
  }

  @Test
  void theDatabaseThatDoesNotAnswerIsToldFromTheDisk() {
    ward.migrated();
    ward.cli().expect(0, "create-backup", "--level", "readable");
    Target gone =
        new Target(
            "127.0.0.1",
            1,
            ward.target.database(),
            "postgres",
            Optional.empty(),
            ward.target.tls(),
            1);

    Cli.Result result = new Cli(here).on(gone).expect(12, "emergency-recovery", "--yes");

    assertThat(result.err()).contains("error: cannot connect", "state: the database was not");
    assertThat(result.out())
        .contains(
            "Known from the disk:",
            "backup  " + ward.files("backups").get(0),
            "pg_isready -h 127.0.0.1 -p 1",
            "restore ",
            "belay backup-restore " + ward.files("backups").get(0) + " --expect-writes",
            "Advice: first find out why");
    assertThat(ward.files("backups")).hasSize(1);
  }

  @Test
  void aDatabaseThatIsNotThereIsSaidToBeGone() {
    Target gone = ward.target.withDatabase("never was");

    Cli.Result result = new Cli(here).on(gone).expect(12, "emergency-recovery", "--yes");

    assertThat(result.out()).contains("there is no database never was", "belay list-replaced");
  }

  @Test
  void aRoleThatMayDoLittleDoesWhatItCan() {
    ward.migrated();
    ward.sql(
        "drop role if exists nurse",
        "create role nurse login",
        "grant usage on schema " + new Identifier(Ward.SCHEMA) + " to nurse",
        "grant select on all tables in schema " + new Identifier(Ward.SCHEMA) + " to nurse",
        "grant select on all sequences in schema " + new Identifier(Ward.SCHEMA) + " to nurse",
        "insert into " + Ward.BEDS + " (id, name) values (500, 'by hand')");
    try {
      Target nurse =
          new Target(
              ward.target.host(),
              ward.target.port(),
              ward.target.database(),
              "nurse",
              Optional.empty(),
              ward.target.tls(),
              5);
      Cli.Result result =
          new Cli(here).on(nurse).run("emergency-recovery", "--yes", "--output", "json");

      assertThat(result.status()).as(result.err()).isEqualTo(10);
      assertThat(Ward.status(result, "critical-export")).isEqualTo("done");
      assertThat(Ward.status(result, "schema")).isEqualTo("not done");
      assertThat(Ward.fixes(result)).containsExactly("sequence-behind left");
      assertThat(result.out()).contains("must be owner of sequence");
    } finally {
      ward.sql("drop owned by nurse", "drop role nurse");
    }
  }

  @Test
  void brokenBackupsAndThoseOfOthersAreNoWaysBack() throws IOException {
    ward.migrated();
    ward.cli().expect(0, "create-backup", "--level", "listed");
    Files.delete(
        here.resolve("backups").resolve(ward.files("backups").get(0)).resolve("manifest.json"));
    Target other = database("other " + number++);
    new Cli(here).on(other).expect(0, "create-backup", "--level", "listed");
    ward.put(
        ".belay/journal/20990101_000000_0123456789ab.jsonl",
        "{\"journal\":99,\"run\":\"0123456789ab\"}\n");

    Cli.Result result = ward.quick(0, "--yes");

    assertThat(Ward.way(result, "restore")).isEmpty();
    assertThat(Ward.answer(result).get("unknown").toString())
        .contains("1 backup is broken", "1 backup is of other", "there is no backup to go back to");
    assertThat(Ward.answer(result).get("fromDisk").get("unfinished").toString())
        .contains("is of a newer belay");
    assertThat(ward.files("backups")).hasSize(2);
  }

  @Test
  void aScratchServerThatDiesInTheMiddleLeavesTheOtherStepsAlone() {
    ward.migrated();
    ward.put("die.sql", "select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());");
    ward.sql(
        "insert into " + Ward.BEDS + " (id, name) values (500, 'by hand')",
        "alter table " + Ward.BEDS + " add constraint wise check (age < 900) not valid");

    Cli.Result result = ward.quick(20, "--yes", "--set", "scratch.init=die.sql");

    assertThat(Ward.status(result, "state")).isEqualTo("found");
    assertThat(Ward.status(result, "schema")).isEqualTo("not done");
    assertThat(Ward.fixes(result))
        .containsExactlyInAnyOrder("constraint-not-validated left", "sequence-behind fixed");
    assertThat(Ward.status(result, "final-verification")).isNotEqualTo("done");
    JsonNode undo = Ward.way(result, "undo").orElseThrow();
    assertThat(undo.has("rowsLost")).isFalse();
    assertThat(undo.get("loss").asString()).startsWith("not known");
  }

  @Test
  void aDatabaseThatLetsNobodyInIsSaidToBeClosed() {
    ward.migrated();
    String name = new Identifier(ward.target.database()).toString();
    try (Database maintenance = new JdbcDatabases("ward-test").open(cluster.admin())) {
      maintenance.execute("alter database " + name + " allow_connections false");

      Cli.Result result = ward.quick(12, "--yes");

      assertThat(Ward.step(result, "state").toString())
          .contains("refuses connections", "fix: in another database: alter database ");
      maintenance.execute("alter database " + name + " allow_connections true");
    }
  }

  @Test
  void theExportTakesWhatIsNamedAndSaysWhatItLeaves() {
    ward.migrated();
    ward.sql("create table " + Identifiers.of("Other") + " as select 1 as one");

    Cli.Result named =
        ward.cli()
            .run(
                "emergency-recovery",
                "--no-backup",
                "--no-fix",
                "--export",
                "*.Other,*.nothing",
                "--output",
                "json");
    assertThat(Ward.step(named, "critical-export").get("summary").asString())
        .startsWith("1 row of 1 table");
    assertThat(named.out()).contains("no table is meant by '*.nothing'");

    Cli.Result limited =
        ward.cli()
            .run(
                "emergency-recovery",
                "--no-backup",
                "--no-fix",
                "--set",
                "emergency.exportLimit=9kB",
                "--output",
                "json");
    assertThat(limited.out()).contains("left out, since emergency.exportLimit is 9.0 kB");

    Cli.Result wrong = ward.cli().expect(2, "emergency-recovery", "--set", "emergency.exprot=x");
    assertThat(wrong.err()).contains("unknown key 'exprot'", "did you mean export");
  }
}
