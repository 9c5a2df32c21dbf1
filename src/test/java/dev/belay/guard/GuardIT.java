package dev.belay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.process.ShellWords;
import dev.belay.support.Await;
import dev.belay.support.Children;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command as a process of its own, around commands that do well and ill. */
class GuardIT {
  private static final List<String> QUICK =
      List.of("--no-backup", "--no-preflight", "--no-monitor");
  private static final List<String> SAFE =
      List.of("--no-preflight", "--no-monitor", "--report-file", "report.json");

  @TempDir Path here;
  private Target target;
  private GuardStage stage;

  @BeforeEach
  void open() {
    target = TestServer.fresh("guarded");
    stage = new GuardStage(here, target);
    stage.sql("create table orders (id int primary key, total numeric not null)");
    stage.sql("insert into orders select n, n from generate_series(1, 100) n");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
    TestServer.dropReplaced(target);
  }

  @Test
  void theOutputOfTheCommandPassesThroughByteForByte() {
    String bytes = "printf '\\000\\001\\377\\n\\r\\033[1m'; printf 'to the other\\200' >&2";
    GuardStage.Result result = stage.guard(QUICK, "sh", "-c", bytes);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("\u0000\u0001\u00ff\n\r\u001b[1m");
    assertThat(result.err()).contains("to the other").contains("guarded on");
  }

  @Test
  void aCommandThatSucceedsIsToldWithWhatItChanged() {
    GuardStage.Result result =
        stage.guard(SAFE, "psql", "-qc", "alter table orders add column note text");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).isEmpty();
    JsonNode report = stage.json("report.json");
    assertThat(report.path("exitStatus").asInt()).isZero();
    assertThat(report.path("databaseChanged").asBoolean()).isTrue();
    assertThat(report.path("result").path("commandStatus").asInt()).isZero();
    assertThat(report.path("result").path("changed").toString()).contains("orders.note");
    assertThat(report.path("result").path("backup").asString()).isNotEmpty();
  }

  @Test
  void aCommandThatChangedNothingAndFailsLeavesThirteen() {
    GuardStage.Result result = stage.guard(QUICK, "sh", "-c", "exit 7");
    assertThat(result.status()).as(result.err()).isIn(13, 20);
    assertThat(result.err()).contains("ended with status 7");
    result = stage.guard(SAFE, "psql", "-v", "ON_ERROR_STOP=1", "-1c", "drop table nowhere");
    assertThat(result.status()).as(result.err()).isEqualTo(13);
    JsonNode report = stage.json("report.json");
    assertThat(report.path("result").path("commandStatus").asInt()).isEqualTo(1);
    assertThat(report.path("result").path("recovery").path("done").asString())
        .isEqualTo("NOTHING_NEEDED");
    assertThat(report.path("databaseChanged").asBoolean()).isFalse();
  }

  @Test
  void aScriptThatFailsHalfWayIsTakenBackByTheBackupWhenNoRowDiffers() {
    Path script =
        stage.file("new.sql", "create table fresh (id int);\ncreate table orders (id int);\n");
    GuardStage.Result result =
        stage.guard(SAFE, "psql", "-qv", "ON_ERROR_STOP=1", "-f", script.toString());
    assertThat(result.status()).as(result.err()).isEqualTo(13);
    assertThat(stage.json("report.json").path("result").path("recovery").path("done").asString())
        .isEqualTo("RESTORED");
    assertThat(stage.test("select to_regclass('fresh') is null")).isTrue();
    assertThat(stage.test("select count(*) = 100 from orders")).isTrue();
  }

  /** Guards a script that fails in its middle, after somebody else has written a row. */
  private GuardStage.Result failedWhileSomebodyWrote(String... options) throws Exception {
    stage.file(
        "half.sql",
        "create table fresh (id int);\n\\! touch begun; while [ ! -e go ]; do sleep 0.05; done\nselect 1/0;\n");
    Path out = here.resolve("out");
    Path err = here.resolve("err");
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of("--", "psql", "-qv", "ON_ERROR_STOP=1", "-f", "half.sql"));
    Process process = stage.start(out, err, guard(words.toArray(String[]::new)));
    awaitThere(here.resolve("begun"), process);
    stage.sql("insert into orders values (101, 1)");
    Files.createFile(here.resolve("go"));
    return GuardStage.result(process, out, err);
  }

  @Test
  void rowsThatNobodyKnowsTheWriterOfKeepTheDatabaseAsItIs() throws Exception {
    GuardStage.Result result = failedWhileSomebodyWrote();
    assertThat(result.status()).as(result.err()).isEqualTo(20);
    JsonNode recovery = stage.json("report.json").path("result").path("recovery");
    assertThat(recovery.path("done").asString()).as(result.err()).isEqualTo("LEFT");
    assertThat(recovery.path("ways").toString()).contains("backup-restore", "--expect-writes");
    assertThat(stage.test("select count(*) = 101 from orders")).isTrue();
    assertThat(stage.test("select to_regclass('fresh') is not null")).isTrue();
  }

  @Test
  void restoreWhenToldSaysWhatStaysBehind() throws Exception {
    GuardStage.Result result = failedWhileSomebodyWrote("--on-failure", "restore");
    assertThat(result.status()).as(result.err()).isEqualTo(20);
    JsonNode recovery = stage.json("report.json").path("result").path("recovery");
    assertThat(recovery.path("done").asString()).as(result.err()).isEqualTo("RESTORED");
    assertThat(recovery.path("found").toString()).contains("1 new row of public.orders");
    assertThat(recovery.path("ways").toString()).contains("reconcile-data");
    assertThat(stage.test("select count(*) = 100 from orders")).isTrue();
  }

  @Test
  void stopLeavesEverythingAndNamesTheWays() {
    GuardStage.Result result =
        stage.guard(
            with(SAFE, "--on-failure", "stop"), "sh", "-c", "psql -qc 'drop table orders'; exit 3");
    assertThat(result.status()).as(result.err()).isEqualTo(20);
    assertThat(result.err())
        .contains("error: sh -c")
        .contains("state: the database is as the migration left it")
        .contains("hint: belay backup-restore");
    assertThat(stage.test("select to_regclass('orders') is null")).isTrue();
  }

  @Test
  void aCommandThatIsNotThereIsToldBeforeAnyBackup() {
    GuardStage.Result result = stage.guard(SAFE, "no such program", "--x");
    assertThat(result.status()).as(result.err()).isEqualTo(12);
    assertThat(result.err()).contains("'no such program' is not found along PATH");
    assertThat(here.resolve("backups")).doesNotExist();
    assertThat(stage.json("report.json").path("exitStatus").asInt()).isEqualTo(12);
    stage.file("plain.txt", "text");
    assertThat(stage.guard(SAFE, "./plain.txt").err()).contains("may not be run", "chmod +x");
    assertThat(stage.guard(SAFE, "./nowhere").err()).contains("is not there");
    assertThat(stage.guard(SAFE, "/").err()).contains("is a folder");
    assertThat(stage.guard(SAFE, "").err()).contains("an empty word");
  }

  @Test
  void aSequenceThatNoRollbackSetsBackIsSetBack() {
    stage.sql("create sequence numbers");
    stage.sql("select setval('numbers', 500)");
    GuardStage.Result result =
        stage.guard(
            SAFE,
            "psql",
            "-qXv",
            "ON_ERROR_STOP=1",
            "-1c",
            "select setval('numbers', 1); drop table nowhere");
    assertThat(result.status()).as(result.err()).isEqualTo(13);
    assertThat(stage.test("select last_value = 500 from numbers")).as(result.err()).isTrue();
    assertThat(result.err()).contains("was set back");
  }

  @Test
  void aTransactionOfAClientThatNobodyKnowsIsNotTakenForNone() throws Exception {
    stage.file("slow.sh", "touch begun; while [ ! -e go ]; do sleep 0.05; done; exit 4");
    Path out = here.resolve("out");
    Path err = here.resolve("err");
    Process process = stage.start(out, err, guard("sh", "slow.sh"));
    awaitThere(here.resolve("begun"), process);
    try (Database other = new JdbcDatabases("remote").open(target)) {
      other.execute("begin");
      other.execute("insert into public.orders values (101, 1)");
      Files.createFile(here.resolve("go"));
      GuardStage.Result result = GuardStage.result(process, out, err);
      assertThat(result.status()).as(result.err()).isEqualTo(20);
      assertThat(result.err()).contains("still in a transaction: remote");
      other.execute("rollback");
    }
  }

  @Test
  void aBelayWithinTheCommandDoesNotWaitForItsGuard() {
    String java =
        String.join(" ", stage.command("backup-restore", "latest", "--yes", "--wait", "1h"));
    GuardStage.Result result = stage.guard(SAFE, "sh", "-c", java + "; echo $?");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("11\n");
    assertThat(result.err()).contains("that one runs this command and waits for its end");
  }

  @Test
  void aCommandThatIsKilledIsToldSo() {
    GuardStage.Result result = stage.guard(SAFE, "sh", "-c", "kill -9 $$");
    assertThat(result.status()).as(result.err()).isEqualTo(13);
    assertThat(result.err()).contains("ended with status 137").contains("signal 9 (KILL)");
    assertThat(stage.json("report.json").path("result").path("commandStatus").asInt())
        .isEqualTo(137);
  }

  @Test
  void theReportInAFileHasTheCommandsThatAreShown() {
    stage.file("c.yaml", "lockTimeout: 2s\n");
    List<String> options = with(SAFE, "--config", "c.yaml", "--no-backup", "--on-failure", "stop");

    GuardStage.Result result =
        stage.guard(
            options, "sh", "-c", "PGPASSWORD=hunter22 psql -qc 'create table x ()'; exit 3");

    assertThat(result.status()).as(result.err()).isEqualTo(20);
    JsonNode way = stage.json("report.json").path("result").path("recovery").path("ways").get(0);
    assertThat(way.path("command").asString())
        .startsWith("belay guard --config c.yaml ")
        .endsWith(" -- sh -c 'PGPASSWORD=**** psql -qc '\\''create table x ()'\\''; exit 3'");
    assertThat(way.path("cost").asString())
        .isEqualTo("when the cause is mended; put back what is shown as ****");
    assertThat(result.err()).contains(way.path("command").asString(), "put back what is shown");

    GuardStage.Result refused = stage.guard(options, "belay", "migrate");

    assertThat(refused.status()).as(refused.err()).isEqualTo(2);
    assertThat(stage.json("report.json").path("error").path("hint").asString())
        .isEqualTo("run it as it is: belay migrate --config c.yaml");
  }

  @Test
  void aWholeCommandHasNothingToBePutBack() {
    String script = "PGPASSWORD=$DB_PW psql -qc 'create table x ()'; exit 3";

    GuardStage.Result result =
        stage.guard(with(SAFE, "--no-backup", "--on-failure", "stop"), "sh", "-c", script);

    JsonNode way = stage.json("report.json").path("result").path("recovery").path("ways").get(0);
    assertThat(ShellWords.split(way.path("command").asString())).as(result.err()).endsWith(script);
    assertThat(way.path("cost").asString()).isEqualTo("when the cause is mended");
  }

  @Test
  void theTimeLimitEndsEverythingThatTheCommandStarted() throws IOException {
    GuardStage.Result result =
        stage.guard(
            with(SAFE, "--time-limit", "3s"),
            "sh",
            "-c",
            "sleep 300 & echo $! > pids; sleep 300 & echo $! >> pids; wait");
    assertThat(result.status()).as(result.err()).isEqualTo(13);
    assertThat(result.err()).contains("took longer than 3.0 s");
    Children.assertGone(here.resolve("pids"));
  }

  @Test
  void aServerThatGoesOnWithoutTheKilledClientIsEnded() {
    GuardStage.Result result =
        stage.guard(
            SAFE,
            "sh",
            "-c",
            "psql -qc 'select pg_sleep(300)' & p=$!;"
                + " until [ \"$(psql -Atc \"select count(*) from pg_stat_activity where query like '%pg_sleep(300)' and state = 'active' and pid <> pg_backend_pid()\")\" = 1 ]; do :; done;"
                + " kill -9 $p; exit 5");
    assertThat(result.status()).as(result.err()).isEqualTo(13);
    assertThat(result.err()).contains("went on without it and was ended");
    assertThat(
            stage.test(
                "select not exists (select from pg_stat_activity where query like '%pg_sleep(300)' and state = 'active' and pid <> pg_backend_pid())"))
        .isTrue();
  }

  @Test
  void theCommandKnowsItsGuardAndAnotherBelayIsKeptOut() {
    String java = String.join(" ", stage.command("backup-restore", "latest", "--yes"));
    GuardStage.Result result =
        stage.guard(
            SAFE,
            "sh",
            "-c",
            "echo \"$BELAY_GUARD_RUN|$BELAY_GUARD_DATABASE|$BELAY_GUARD_BACKUP|$PGAPPNAME\"; "
                + java
                + "; echo $?");
    assertThat(result.status()).as(result.err()).isZero();
    String run = result.out().substring(0, 12);
    assertThat(result.out()).contains("belay:" + run + ":guard").contains("\n11\n");
    assertThat(result.err()).contains("another belay is working on").contains("guard");
  }

  private String[] guard(String... words) {
    List<String> all = new ArrayList<>(List.of("guard", "--yes"));
    all.addAll(SAFE);
    if (!words[0].startsWith("--")) {
      all.add("--");
    }
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  private static List<String> with(List<String> options, String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return all;
  }

  private static void awaitThere(Path file, Process process) {
    Await.until(file + " is there", () -> Files.exists(file), process);
  }
}
