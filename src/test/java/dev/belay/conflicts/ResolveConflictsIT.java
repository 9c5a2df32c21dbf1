package dev.belay.conflicts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Target;
import dev.belay.flyway.FlywayLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Each sort of conflict, as the real Flyway sees it before and after. */
@Timeout(120)
class ResolveConflictsIT {
  @TempDir private Path here = Path.of("");
  private Target target = TestServer.admin();
  private Ward ward = new Ward(target, here);

  @BeforeEach
  void create() {
    target = TestServer.fresh("conflicts");
    ward = new Ward(target, here);
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void findsNothingWhereNothingIsWrong() {
    ward.migrated();
    Cli.Result result = ward.run(0);
    assertThat(result.out()).contains("no conflict").contains("0 conflicts are left");
    assertThat(ward.files("")).isEmpty();
    assertThat(ward.run(0, "--output=json").out()).contains("\"databaseChanged\": false");
  }

  @Test
  void aPendingMigrationIsNoConflict() {
    ward.migrated();
    ward.write("V4__more.sql", "select 1;");
    ward.write("R__view.sql", "select 1;");
    assertThat(ward.run(0).out()).contains("no conflict");
  }

  @Test
  void aHistoryThatIsNotThereIsNoConflict() {
    ward.write("V1__a.sql", "select 1;");
    assertThat(ward.run(0).out()).contains("no conflict");
  }

  @Test
  void aMissingMiddleScriptIsNeverMarkedDeleted() {
    ward.migrated();
    ward.remove("V2__names.sql");
    List<String> before = ward.rows();
    assertFlywayFails("not resolved locally: 2");

    Cli.Result result = ward.run(10, "--yes");

    assertThat(ward.rows()).isEqualTo(before);
    assertThat(result.out())
        .contains("missing-script: V2")
        .contains("not resolved locally: 2")
        .contains("if it were marked deleted")
        .contains("Detected resolved migration not applied to database");
    assertThat(read(ward.files(".md").get(0)))
        .contains("git log --all --full-history")
        .contains("Do not run 'flyway repair' from this checkout");
    ward.write("V2__names.sql", "alter table beds add name text;");
    assertFlywayMigrates();
    ward.run(0);
  }

  @Test
  void whatRepairDoesFromSuchACheckoutIsTakenBack() {
    ward.migrated();
    List<String> before = ward.rows();
    ward.remove("V2__names.sql");
    ward.flyway().repair();
    ward.write("V2__names.sql", "alter table beds add name text;");
    assertFlywayFails("not applied to database: 2");

    assertThat(ward.run(10, "--yes").out())
        .contains("deleted-and-here: V2 was applied, then marked");
    assertThat(ward.run(2, "--only=remove-delete-rows", "--yes").err()).contains("--accept");
    ward.run(0, "--only=remove-delete-rows", "--accept=V2", "--yes");

    assertThat(ward.rows()).isEqualTo(before);
    assertFlywayMigrates();
  }

  @Test
  void aScriptThatWasNotKeptAsItWasIsNotCountedAsAppliedAgain() {
    ward.migrated();
    ward.remove("V2__names.sql");
    ward.flyway().repair();
    ward.write("V2__names.sql", "alter table beds add title text;");
    List<String> before = ward.rows();
    Cli.Result result = ward.run(11, "--only=remove-delete-rows", "--accept=V2__names", "--yes");
    assertThat(result.err()).contains("nothing can be resolved that way about V2");
    assertThat(ward.rows()).isEqualTo(before);
  }

  @Test
  void anOlderCheckoutIsOnlyANotice() {
    ward.migrated();
    ward.remove("V3__notes.sql");
    assertFlywayMigrates();
    Cli.Result result = ward.run(0);
    assertThat(result.out()).contains("notice  newer-than-scripts: V3").contains("1 notice");

    ward.with("ignoreMigrationPatterns", "*:pending");
    assertFlywayFails("not resolved locally: 3");
    ward.run(10);
  }

  @Test
  void aScriptThatCameLateIsAConflict() {
    ward.migrated();
    ward.write("V2_5__late.sql", "select 1;");
    assertFlywayFails("not applied to database: 2.5");
    assertThat(ward.run(10).out()).contains("not-applied: V2.5 was never applied");

    ward.with("outOfOrder", "true");
    ward.run(0);
    assertFlywayMigrates();
    assertThat(ward.run(0).out()).contains("notice  out-of-order: V2.5");
  }

  @Test
  void aChangedScriptIsAcceptedOnlyByName() {
    ward.migrated();
    ward.write("V3__notes.sql", "-- what it is for\nalter table beds add note text;");
    assertFlywayFails("checksum mismatch");
    assertThat(ward.run(10, "--yes").out()).contains("checksum-mismatch: V3");
    assertFlywayFails("checksum mismatch");
    assertThat(ward.run(2, "--accept-checksum=V33", "--yes").err()).contains("V3__notes");
    assertThat(ward.run(11, "--accept-checksum=V2", "--yes").err()).contains("nothing can be");

    Cli.Result result = ward.run(0, "--accept-checksum=3", "--yes");

    assertThat(result.err()).contains("Plan: ").contains("accepted by you");
    assertThat(result.out()).contains("resolved  align-checksums").contains("--restore-history");
    assertFlywayMigrates();
  }

  @Test
  void aChecksumOfTheSameTextInTheOldWayIsAligned() throws IOException {
    ward.migrated();
    CRC32 old = new CRC32();
    ward.write("V3__notes.sql", "alter table beds\n  add note text;\n");
    old.update("alter table beds\r\n  add note text;\r\n".getBytes(StandardCharsets.UTF_8));
    ward.sql("update {history} set checksum = " + (int) old.getValue() + " where version = '3'");
    assertFlywayFails("checksum mismatch");

    assertThat(ward.run(0, "--yes").out()).contains("proven to be of the same text");
    assertFlywayMigrates();
  }

  @Test
  void anotherEncodingIsExplainedAndNotHidden() throws IOException {
    ward.migrated();
    Path file = ward.write("V4__x.sql", "");
    Files.write(file, "comment on table beds is 'für'".getBytes(StandardCharsets.ISO_8859_1));
    ward.with("encoding", "ISO-8859-1").flyway().migrate();
    ward.with("encoding", "UTF-16LE");

    Cli.Result result = ward.run(10, "--yes");

    assertThat(result.out()).contains("read as");
    ward.with("encoding", "ISO-8859-1");
    ward.run(0);
  }

  @Test
  void aRenamedScriptKeepsItsRow() {
    ward.migrated();
    ward.remove("V3__notes.sql");
    ward.write("V3__the_notes.sql", "alter table beds add note text;");
    assertFlywayFails("description mismatch");

    assertThat(ward.run(0, "--yes").out()).contains("align-descriptions").contains("'the notes'");
    assertFlywayMigrates();
  }

  @Test
  void aTypeThatWasWrittenByHandIsAligned() {
    ward.migrated();
    ward.sql("update {history} set type = 'SCRIPT' where version = '2'");
    assertFlywayFails("not resolved locally: 2");
    assertThat(ward.run(0, "--yes").out()).contains("align-types");
    assertFlywayMigrates();
  }

  @Test
  void severalChangesOfOneRowAreMadeTogether() {
    ward.migrated();
    ward.remove("V2__names.sql");
    ward.write("V02__the_names.sql", "alter table beds add column name text;");
    assertFlywayFails("mismatch");
    assertThat(ward.run(0, "--accept-checksum=V2", "--yes").out())
        .contains("align-checksums")
        .contains("align-descriptions")
        .contains("rename-version-form")
        .contains("3 resolved");
    assertFlywayMigrates();
  }

  @Test
  void aFailedRowIsRemovedOnlyByName() {
    ward.migrated();
    ward.write("V4__index.sql", "create index concurrently i on beds (nothing);");
    ward.with("postgresql.transactional.lock", "false");
    assertThatThrownBy(() -> ward.flyway().migrate()).isNotNull();
    assertFlywayFails("failed migration to version");

    Cli.Result found = ward.run(10, "--yes");
    assertThat(found.out()).contains("failed-row: V4 failed");
    assertThat(read(ward.files(".md").get(0))).contains("--only remove-failed-rows --accept V4");
    ward.write("V4__index.sql", "create index concurrently i on beds (note);");
    ward.run(0, "ward", "--only", "remove-failed-rows", "--accept", "V4", "--yes");
    assertFlywayMigrates();
  }

  @Test
  void twoRowsThatDeleteTheSameStopFlywayUntilOneIsGone() {
    ward.migrated();
    for (int rank = 4; rank <= 5; rank++) {
      ward.sql(
          "insert into {history} select %d, version, description, 'DELETE', script, null, installed_by, now(), 0, true from {history} where version = '3' and type = 'SQL'"
              .formatted(rank + 10));
    }
    assertThatThrownBy(() -> ward.flyway().info()).hasMessageContaining("multiple delete");

    assertThat(ward.run(0, "--yes").out()).contains("remove-second-delete");
    assertThat(ward.flyway().info().all()).isNotEmpty();
  }

  @Test
  void aRowOfThePaidEditionIsExplainedAndConvertedByName() {
    ward.migrated();
    ward.sql(
        "insert into {history} select 14, version, description, 'UNDO_SQL', 'U3__notes.sql', null, installed_by, now(), 0, true from {history} where version = '3'");
    ward.sql("alter table \"" + Ward.SCHEMA.replace("\"", "\"\"") + "\".beds drop note");
    assertThatThrownBy(() -> ward.flyway().info()).hasMessageContaining("UNDO_SQL");

    assertThat(ward.run(10, "--yes").out()).contains("paid edition").contains("Flyway OSS");
    assertThatThrownBy(() -> ward.flyway().repair()).hasMessageContaining("UNDO_SQL");
    ward.run(0, "--only=convert-undo-rows", "--accept=V3", "--yes");
    assertThat(ward.flyway().migrate().migrationsExecuted).isEqualTo(1);
    ward.run(0);
  }

  @Test
  void aTypeOfANewerFlywayIsExplained() {
    ward.migrated();
    ward.sql("alter table {history} add extra text default 'x'");
    ward.sql("update {history} set type = 'QUANTUM' where version = '3'");
    assertThatThrownBy(() -> ward.flyway().info()).isNotNull();
    assertThat(ward.run(10, "--yes").out()).contains("'QUANTUM'").contains("history-form");
    assertThat(ward.run(0, "--accept-checksum=V3", "--yes").out()).contains("align-types");
    assertFlywayMigrates();
  }

  @Test
  void twoScriptsOfOneVersionAreAConflict() {
    ward.migrated();
    ward.write("V3.0__other.sql", "select 1;");
    assertFlywayFails("more than one migration");
    Cli.Result result = ward.run(10, "--yes");
    assertThat(result.out()).contains("duplicate-script").contains("V3.0__other.sql");
    assertThat(result.out()).contains("1 conflict is left, 0 notices, none resolved");
    assertThat(ward.run(11, "--accept-checksum=V3", "--yes").err()).contains("nothing can be");
  }

  @Test
  void twoEqualRowsOfOneVersionBecomeOneByName() {
    ward.migrated();
    ward.sql(
        "insert into {history} select 14, version, description, type, script, checksum, installed_by, now(), 0, true from {history} where version = '2'");
    assertFlywayMigrates();
    assertThat(ward.run(10, "--yes").out()).contains("duplicate-row");
    ward.run(0, "--only=remove-duplicate-rows", "--accept=V2", "--yes");
    assertThat(ward.rows()).noneMatch(row -> row.contains("\"installed_rank\": 14"));
    assertFlywayMigrates();
  }

  @Test
  void aFileInAnotherEncodingIsAConflict() throws IOException {
    ward.migrated();
    Files.write(ward.write("V4__x.sql", ""), "-- für".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ward.flyway().migrate()).isNotNull();
    assertThat(ward.run(10).out()).contains("unreadable-script").contains("UTF-8");
  }

  @Test
  void declaredDependenciesInACircleNameAllOfIt() {
    ward.write("V1__a.sql", "-- belay:requires V2\nselect 1;");
    ward.write("V2__b.sql", "select 2;");
    ward.withLines("    requires:\n      V2: [R__c]\n");
    ward.write("R__c.sql", "--belay:requires 1\nselect 3;");
    String out = ward.run(10).out();
    assertThat(out).contains("R__c -> V1 -> V2 -> R__c").contains("no conflict".substring(0, 2));
    assertThat(read(ward.files(".md").get(0)))
        .contains("V1__a.sql:1")
        .contains("apps.ward.requires.V2")
        .contains("R__c.sql:1");
  }

  @Test
  void aDryRunAndARefusalChangeNothing() {
    ward.migrated();
    ward.remove("V3__notes.sql");
    ward.write("V3__the_notes.sql", "alter table beds add note text;");
    List<String> before = ward.rows();
    Cli.Result dry = ward.run(10, "--dry-run");
    assertThat(dry.err()).contains("Plan: ").contains("align-descriptions");
    assertThat(dry.out()).contains("can be resolved, with: belay resolve-conflicts ward");
    assertThat(ward.run(11).err()).contains("--yes");
    assertThat(ward.answering("n", 11).err()).contains("not confirmed");
    assertThat(ward.rows()).isEqualTo(before);
    assertThat(ward.files("")).isEmpty();
    ward.answering("y", 0);
    assertFlywayMigrates();
  }

  @Test
  void refusesWhatChangedWhileItWasAsked() {
    ward.migrated();
    ward.sql("update {history} set description = 'other' where version = '3'");
    Cli.Result result =
        ward.agreeing(
            () -> ward.sql("update {history} set description = 'third' where version = '3'"), 11);
    assertThat(result.err()).contains("changed while the plan was shown");
    assertThat(ward.rows().toString()).contains("third");
    assertThat(ward.files("")).isEmpty();
  }

  @Test
  void aCommitWhoseFateIsNotKnownIsIncompleteAndKeepsTheCopy() throws IOException {
    ward.migrated();
    ward.sql("update {history} set description = 'other' where version = '3'");
    ward.sql(
        "create function public.cut() returns trigger language plpgsql as 'begin perform pg_terminate_backend(pg_backend_pid()); return null; end'");
    ward.sql(
        "create constraint trigger cut after update on {history} deferrable initially deferred for each row execute function public.cut()");

    Cli.Result result = ward.run(20, "--yes");

    assertThat(result.err()).contains("not known").contains(ward.files(".json").get(0).toString());
    assertThat(ward.run(10, "--dry-run").out()).contains("description-mismatch");
    ward.sql("drop trigger cut on {history}");
    ward.run(0, "--yes");
    assertFlywayMigrates();
  }

  @Test
  void severalAppsAreResolvedInOneTransactionOrNotAtAll() {
    ward.migrated();
    ward.sql("update {history} set description = 'other' where version = '3'");
    ward.sql("create schema nurses");
    ward.sql("create table nurses.flyway_schema_history as select * from {history}");
    ward.withLines(
        "  nurses:\n    schemas: [nurses]\n    locations: ['filesystem:" + here + "/db']\n");
    ward.sql(
        "create function public.swallow() returns trigger language plpgsql as 'begin return null; end'");
    ward.sql(
        "create trigger swallow before update on nurses.flyway_schema_history for each row execute function public.swallow()");
    List<String> before = ward.rows();

    ward.run(13, "--yes");
    assertThat(ward.rows()).isEqualTo(before);
    assertThat(ward.run(2, "--accept-checksum=V3", "--yes").err()).contains("name the app");
    assertThat(ward.run(2, "doctors").err()).contains("ward, nurses");

    ward.sql("drop trigger swallow on nurses.flyway_schema_history");
    assertThat(ward.run(0, "--yes").out()).contains("2 resolved");
    assertThat(ward.files(".json")).hasSize(2);
    assertFlywayMigrates();
  }

  @Test
  void refusesWhileAMigrationRuns() {
    ward.migrated();
    ward.sql("update {history} set description = 'other' where version = '3'");
    List<String> before = ward.rows();
    try (Database migrating = new JdbcDatabases("migrating").open(target)) {
      migrating.execute("begin");
      migrating.execute("select pg_advisory_xact_lock(" + FlywayLock.key(ward.app()) + ")");
      assertThat(ward.run(11, "--yes").err()).contains("is running").contains("migrating");
    }
    assertThat(ward.rows()).isEqualTo(before);
    assertThat(ward.files(".json")).isEmpty();
    ward.run(0, "--yes");
  }

  @Test
  void namesWhoIsInTheWay() {
    ward.migrated();
    ward.sql("update {history} set description = 'other' where version = '3'");
    try (Database busy = new JdbcDatabases("busy writer").open(target)) {
      busy.execute("begin");
      busy.execute("update " + Ward.HISTORY + " set installed_by = 'x' where version = '1'");
      Cli.Result result = ward.run(12, "--yes", "--set", "lockTimeout=50ms");
      assertThat(result.err()).contains("busy writer").contains("the database was not changed");
    }
    assertThat(ward.files(".json")).isEmpty();
  }

  @Test
  void withoutTheRightToWriteItSaysSoAndLooksAnyway() {
    ward.migrated();
    ward.sql("update {history} set description = 'other' where version = '3'");
    String role = "reader_" + ProcessHandle.current().pid();
    try {
      ward.sql("create role " + role + " login");
      String schema = "\"" + Ward.SCHEMA.replace("\"", "\"\"") + "\"";
      ward.sql("grant usage on schema " + schema + " to " + role);
      ward.sql("grant select on {history} to " + role);
      Target reader =
          new Target(
              target.host(),
              target.port(),
              target.database(),
              role,
              target.password(),
              target.tls(),
              10);
      assertThat(ward.run(reader, List.of(), 10, "--dry-run").out())
          .contains("description-mismatch");
      assertThat(ward.run(reader, List.of(), 12, "--yes").err())
          .contains("permission denied")
          .contains("the database was not changed");
      ward.sql("revoke select on {history} from " + role);
      assertThat(ward.run(reader, List.of(), 12).out()).contains("not checked");
    } finally {
      ward.sql("drop owned by " + role);
      ward.sql("drop role " + role);
    }
  }

  @Test
  void aTriggerThatSwallowsTheChangeIsNoticed() {
    ward.migrated();
    ward.sql("update {history} set description = 'other' where version = '3'");
    ward.sql(
        "create function public.swallow() returns trigger language plpgsql as 'begin return null; end'");
    ward.sql(
        "create trigger swallow before update on {history} for each row execute function public.swallow()");
    List<String> before = ward.rows();
    assertThat(ward.run(13, "--yes").err()).contains("could not be changed as planned");
    assertThat(ward.rows()).isEqualTo(before);
    assertThat(ward.files(".json")).isEmpty();
  }

  @Test
  void aViewIsNotChanged() {
    ward.migrated();
    ward.sql("update {history} set description = 'other' where version = '3'");
    ward.sql("create table public.behind as select * from {history}");
    ward.sql("drop table {history}");
    ward.sql("create view {history} as select * from public.behind");
    assertThat(ward.run(11, "--yes").err()).contains("it is a view, not a table");
  }

  @Test
  void theFilesAreForTheirOwnerAndTheChecksumIsRight() throws Exception {
    ward.migrated();
    ward.sql("update {history} set description = 'other' where version = '3'");
    List<String> before = ward.rows();
    Cli.Result result = ward.run(0, "--yes", "--output=json");
    JsonNode json = Json.MAPPER.readTree(result.out());
    assertThat(json.at("/databaseChanged").asBoolean()).isTrue();
    assertThat(json.at("/result/resolved/0/resolution").asString()).isEqualTo("align-descriptions");
    Path copy = Path.of(json.at("/result/historyCopies/0").asString());
    assertThat(ward.files(".json")).containsExactly(copy);
    for (Path file : ward.files("")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    Process sum =
        new ProcessBuilder("sha256sum", "-c", copy.getFileName() + ".checksum")
            .directory(here.resolve("conflict_reports").toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(sum.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("OK");
    assertThat(sum.waitFor()).isZero();
    ward.run(0, "--restore-history", copy.toString(), "--yes");
    assertThat(ward.rows()).isEqualTo(before);
  }

  @Test
  void listsTheResolutionsWithoutAServer() {
    String out = ward.run(0, "--list-resolutions").out();
    for (Resolution each : Resolution.values()) {
      assertThat(out).contains(each.word());
    }
    assertThat(ward.run(2, "--only=align-everything").err()).contains("align-checksums");
  }

  private void assertFlywayFails(String words) {
    assertThatThrownBy(() -> ward.flyway().migrate()).hasMessageContaining(words);
  }

  private void assertFlywayMigrates() {
    assertThatCode(() -> ward.flyway().migrate()).doesNotThrowAnyException();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
