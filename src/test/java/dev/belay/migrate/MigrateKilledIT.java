package dev.belay.migrate;

import static dev.belay.migrate.Orchard.TREES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.app.Main;
import dev.belay.postgres.Database;
import dev.belay.report.Json;
import dev.belay.support.ChildJvm;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A migration that is killed or interrupted: what it left is told, and the next run finishes. */
class MigrateKilledIT {
  @TempDir Path here;
  private Orchard orchard;

  @BeforeEach
  void plant() {
    orchard = new Orchard(here).planted(20);
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    orchard.undo("U2__height.sql", "alter table " + TREES + " drop column height;");
  }

  @AfterEach
  void drop() {
    orchard.close();
  }

  private void killed(String failPoint) {
    ChildJvm.killed(
        failPoint, Main.class, here, orchard.environment(), "migrate", "--yes", "--no-monitor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"migrate-backup", "migrate-applying", "migrate-applied"})
  void killedBeforeTheCommitNothingIsAppliedAndTheNextRunDoesIt(String failPoint) {
    killed(failPoint);
    assertThat(orchard.history()).containsExactly("SQL 1");

    Cli.Result next = orchard.run(0, "--yes", "--no-backup", "--no-monitor");

    assertThat(next.err())
        .contains("was killed at the step", "belay migrate fruit", "belay backup-restore ");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
    assertThat(orchard.ledger()).containsExactly("1", "2");
  }

  // What it did stays and Flyway's table does not say so: to begin it again would fail.
  @ParameterizedTest
  @CsvSource({"migrate-applying, 0", "migrate-applied, 10"})
  void killedOutsideATransactionNobodyIsToldToGoOn(String failPoint, int schema) {
    orchard.script(
        "V2__height.sql", "create index concurrently trees_by_name on " + TREES + " (name);");
    orchard.undo("U2__height.sql", "drop index concurrently trees_by_name;");
    killed(failPoint);
    assertThat(orchard.history()).containsExactly("SQL 1");

    String state = orchard.cli().run("verify-state").out();
    assertNotToBeBegunAgain();
    String next = orchard.cli().expect(0, "create-backup", "--level", "listed").err();

    for (String told : List.of(state, next)) {
      assertThat(told)
          .contains(
              "killed at the step 'applying'",
              "it may be done, or half of it, and not be in Flyway's table: look with: belay validate-schema fruit",
              "for the state before: belay backup-restore ")
          .doesNotContain("go on with", "belay migrate");
    }
    assertNotToBeBegunAgain();
    orchard.cli().expect(schema, "validate-schema", "fruit");
  }

  @Test
  void whatIsHalfDoneIsNotMendedByAnUndoOfTheMigrationBefore() {
    killedInTheThird();
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");

    JsonNode answer =
        Json.MAPPER
            .readTree(
                orchard
                    .cli()
                    .run(
                        "emergency-recovery",
                        "--dry-run",
                        "--no-backup",
                        "--no-export",
                        "--output",
                        "json")
                    .out())
            .get("result");

    JsonNode undo =
        answer
            .get("ways")
            .valueStream()
            .filter(way -> way.get("kind").asString().equals("undo"))
            .findFirst()
            .orElseThrow();
    assertThat(undo.get("proven").asString()).startsWith("just now");
    assertThat(undo.get("usable").asBoolean()).isFalse();
    assertThat(undo.get("against").asString()).contains("find out how far V3__by_name came");
    assertThat(answer.get("advice").get("command").asString())
        .contains("belay validate-schema fruit");
  }

  @Test
  void whatIsHalfDoneIsSeenThoughItIsPendingNoMore() {
    killedInTheThird();
    orchard.sql(
        "insert into %1$s (installed_rank, version, description, type, script, installed_by, execution_time, success) select max(installed_rank) + 1, '4', 'later', 'SQL', 'V4__later.sql', current_user, 1, true from %1$s"
            .formatted(Orchard.HISTORY));
    orchard.script("V4__later.sql", "select 1;");

    assertThat(orchard.cli().run("list-migrations").out()).contains("ignored");
    assertThat(
            orchard
                .cli()
                .run("emergency-recovery", "--dry-run", "--no-backup", "--no-export")
                .out())
        .contains("find out how far V3__by_name came");
  }

  @ParameterizedTest
  @ValueSource(strings = {"restore", "stop"})
  void whatIsHalfDoneComesBackWithTheBackupThatHoldsIt(String policy) {
    killedInTheThird();
    boolean restored = policy.equals("restore");

    // To begin it again fails, since it is done.
    String failed =
        orchard.run(restored ? 13 : 20, "--yes", "--on-failure", policy, "--no-monitor").err();
    if (!restored) {
      // Flyway's table tells of it, and then goes.
      assertThat(emergency()).doesNotContain("find out how far");
      String restore = failed.replaceAll("(?s).*belay (backup-restore [^\\s;]+).*", "$1");
      orchard.cli().expect(0, (restore + " --yes").split(" "));
    }

    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
    assertThat(emergency())
        .contains("find out how far V3__by_name came")
        .doesNotContain("belay migrate");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withABackupFromBeforeItIsOver(boolean lost) {
    orchard.run(0, "--yes", "--no-backup", "--no-monitor");
    third();
    killed("migrate-applied");
    assertThat(emergency()).contains("find out how far V3__by_name came");

    if (lost) {
      TestServer.drop(orchard.target());
    }
    orchard.cli().expect(0, "backup-restore", "latest", "--yes");

    assertThat(emergency()).doesNotContain("find out how far");
    orchard.run(0, "--yes", "--no-backup", "--no-monitor");
  }

  @Test
  void whatIsHalfDoneIsSeenWithoutItsScript() throws IOException {
    killedInTheThird();
    // An older release is deployed in the incident.
    Files.delete(here.resolve("db/V3__by_name.sql"));

    assertThat(emergency()).contains("find out how far V3__by_name came");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rollback-migration", "gradual-rollback"})
  void whatSomebodyElseAppliedAndBelayTookBackIsNotHalfDone(String rollback) {
    killedInTheThird();
    orchard.undo(
        "U3__by_name.sql",
        """
        -- belay:batch table=%1$s key=id repeatable=yes
        update %1$s set name = lower(name) where /* belay:range */ true and name <> lower(name);
        drop index trees_by_name;
        """
            .formatted(TREES));
    orchard.sql(
        "insert into %1$s (installed_rank, version, description, type, script, installed_by, execution_time, success) select max(installed_rank) + 1, '3', 'by name', 'SQL', 'V3__by_name.sql', current_user, 1, true from %1$s"
            .formatted(Orchard.HISTORY));
    assertThat(emergency()).doesNotContain("find out how far");

    orchard.cli().expect(0, rollback, "3", "--yes", "--no-backup");

    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2", "SQL 3", "DELETE 3");
    assertThat(emergency()).contains("belay migrate").doesNotContain("find out how far");
    killedIn("migrate-applying");
    assertThat(emergency()).contains("find out how far V3__by_name came");
  }

  private void third() {
    orchard.script(
        "V3__by_name.sql", "create index concurrently trees_by_name on " + TREES + " (name);");
  }

  /** The second is applied, and of the third nobody knows. */
  private void killedInTheThird() {
    orchard.run(0, "--yes", "--no-backup", "--no-monitor");
    third();
    killedIn("migrate-applied");
  }

  private void killedIn(String failPoint) {
    ChildJvm.killed(
        failPoint,
        Main.class,
        here,
        orchard.environment(),
        "migrate",
        "--yes",
        "--no-backup",
        "--no-monitor");
  }

  private String emergency() {
    return orchard.cli().run("emergency-recovery", "--dry-run", "--no-backup", "--no-export").out();
  }

  private void assertNotToBeBegunAgain() {
    assertThat(
            orchard
                .cli()
                .run("emergency-recovery", "--dry-run", "--no-backup", "--no-export")
                .out())
        .contains("find out how far V2__height came", "belay validate-schema fruit")
        .doesNotContain("belay migrate");
  }

  @Test
  void killedAfterwardsItIsAppliedAndSaidSo() {
    killed("migrate-migrated");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
    assertThat(orchard.ledger()).containsExactly("1", "2");

    Cli.Result next = orchard.run(0, "--yes");

    assertThat(next.err()).contains("was killed at the step 'applied'", "is applied");
    assertThat(next.out()).contains("Nothing to do");
    assertThat(orchard.run(0, "--yes").err()).doesNotContain("was killed");
  }

  @Test
  void aDefectAfterAllWasAppliedIsOnRecordAsIncomplete() throws IOException {
    Map<String, String> environment = orchard.environment();
    // A program that cannot be held where it should be breaks there.
    environment.put("JAVA_TOOL_OPTIONS", "-Dbelay.failpoint.held=" + here.resolve("none/held"));

    ChildJvm.Result result =
        ChildJvm.run(
            "migrate-migrated",
            Main.class,
            here,
            environment,
            "migrate",
            "--yes",
            "--no-backup",
            "--no-monitor");

    assertThat(result.status()).as(result.output()).isEqualTo(20);
    assertThat(result.output()).contains("all was applied, and then");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
    List<Path> journals =
        orchard.files(".", ".jsonl").stream()
            .filter(file -> file.toString().matches(".*/journal/\\d{8}_\\d{6}_[^/]+"))
            .toList();
    assertThat(Files.readString(journals.get(journals.size() - 1)))
        .contains("\"outcome\":\"incomplete\"");
  }

  @Test
  void interruptedItRollsBackWhatRunsAndSaysWhatStays() throws IOException, InterruptedException {
    orchard.script(
        "V3__slow.sql",
        "create table slow (id int);\nselect pg_sleep(60) from %s limit 1;".formatted(TREES));
    String output =
        interruptedWhen(
            "select exists (select from pg_stat_activity where wait_event = 'PgSleep'"
                + " and datname = current_database())");

    assertThat(output)
        .contains("interrupted; applied, and it stays: V2__height", "go on with: belay migrate");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
    assertThat(orchard.exists("slow")).isFalse();
    orchard.script("V3__slow.sql", "create table slow (id int);");
    Cli.Result next = orchard.run(0, "--yes", "--no-backup", "--no-monitor");
    assertThat(next.err()).contains("was killed at the step");
    assertThat(orchard.exists("slow")).isTrue();
  }

  // An invalid index stays, and to build it again fails: nobody is told that nothing was applied.
  @Test
  void interruptedOutsideATransactionItSaysThatHalfMayBeDone()
      throws IOException, InterruptedException {
    orchard.run(0, "--yes", "--no-backup", "--no-monitor");
    orchard.script(
        "V3__by_name.sql", "create index concurrently trees_by_name on " + TREES + " (name);");
    try (Database writer = orchard.open()) {
      writer.execute("begin");
      writer.execute("insert into " + TREES + " values (1000, 'late')");

      String output =
          interruptedWhen(
              "select exists (select from pg_stat_activity where wait_event_type = 'Lock'"
                  + " and query like 'create index concurrently%' and datname = current_database())");

      assertThat(output)
          .contains(
              "interrupted; V3__by_name ran in no transaction,"
                  + " so that it may be done, or half of it, and not be in Flyway's table;",
              "look with: belay validate-schema fruit")
          .doesNotContain("nothing was applied", "go on with");
      writer.execute("rollback");
    }
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
    assertThat(orchard.number("select count(*) from pg_index where not indisvalid")).isEqualTo(1);
  }

  /**
   * Lets it migrate, and presses Ctrl-C when the server answers yes.
   *
   * @return what it said
   */
  private String interruptedWhen(String condition) throws IOException, InterruptedException {
    Process process =
        ChildJvm.start(
            "",
            Main.class,
            here,
            orchard.environment(),
            "migrate",
            "--yes",
            "--no-backup",
            "--no-monitor");
    try (Database session = orchard.open()) {
      TestServer.await(session, condition);
    }
    List<String> kill = List.of("kill", "-INT", String.valueOf(process.pid()));
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(130);
    return output;
  }
}
