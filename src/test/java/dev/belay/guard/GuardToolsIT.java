package dev.belay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;
import tools.jackson.databind.JsonNode;

/** Around the tools that people migrate with: Flyway's command line, psql, Python, a pipeline. */
class GuardToolsIT {
  private static final List<String> SAFE =
      List.of("--no-preflight", "--no-monitor", "--report-file", "report.json");
  private static final Path FLYWAY = Path.of("target", "flyway-versions").toAbsolutePath();

  @TempDir Path here;
  private Target target;
  private GuardStage stage;

  @BeforeEach
  void open() {
    target = TestServer.create("guarded_tools_" + ProcessHandle.current().pid());
    stage = new GuardStage(here, target);
    stage.file(
        "flyway",
        """
        #!/bin/sh
        exec java -XX:TieredStopAtLevel=1 -cp '%s/commandline/*:%s/11.20.3/*:%s/lib/*:%s' org.flywaydb.commandline.Main \\
          "-url=jdbc:postgresql://$PGHOST:$PGPORT/$PGDATABASE" "-user=$PGUSER" "-password=${PGPASSWORD-}" \\
          -locations=filesystem:db "$@"
        """
            .formatted(
                FLYWAY,
                FLYWAY,
                FLYWAY,
                Driver.class.getProtectionDomain().getCodeSource().getLocation().getPath()));
    assertThat(here.resolve("flyway").toFile().setExecutable(true)).isTrue();
    stage.with("PATH", System.getProperty("java.home") + "/bin:" + System.getenv("PATH"));
    stage.file(
        "belay.yaml",
        """
        apps:
          shop:
            locations: ['filesystem:%s']
            undoLocations: ['%s']
        """
            .formatted(here.resolve("db"), here.resolve("undo")));
    stage.file("db/V1__orders.sql", "create table orders (id int primary key, total numeric);");
    stage.file("db/V2__note.sql", "alter table orders add note text;");
    stage.file("undo/U2__note.sql", "alter table orders drop note;");
    stage.file("undo/U1__orders.sql", "drop table orders;");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
    TestServer.dropReplaced(target);
  }

  private JsonNode result() {
    return stage.json("report.json").path("result");
  }

  @Test
  void flywayMigratesAndTheUndoScriptsAreKept() {
    GuardStage.Result result = stage.guard(SAFE, "./flyway", "migrate");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("Successfully applied 2 migrations");
    assertThat(result().path("applied").toString()).contains("V1__orders.sql", "V2__note.sql");
    assertThat(result().path("storedUndos").size()).as(result.err()).isEqualTo(2);
  }

  @Test
  void whatFlywayAppliedBeforeItFailedIsUndoneByItsScripts() {
    assertThat(
            stage
                .guard(List.of("--no-backup", "--no-preflight"), "./flyway", "-target=1", "migrate")
                .status())
        .isZero();
    stage.sql("insert into orders values (1, 10)");
    stage.file("db/V3__broken.sql", "create table half (id int); select 1/0;");
    GuardStage.Result result = stage.guard(SAFE, "./flyway", "migrate");
    assertThat(result.status()).as(result.err()).isEqualTo(13);
    assertThat(result().path("recovery").path("done").asString()).isEqualTo("UNDONE");
    assertThat(result().path("recovery").path("undone").toString()).contains("V2__note");
    assertThat(stage.test("select count(*) = 1 from orders")).isTrue();
    assertThat(
            stage.test(
                "select not exists (select from information_schema.columns where column_name = 'note')"))
        .isTrue();
  }

  @Test
  void rowsThatNoUndoScriptTakesBackAreNotCalledAsBefore() {
    assertThat(
            stage
                .guard(List.of("--no-backup", "--no-preflight"), "./flyway", "-target=1", "migrate")
                .status())
        .isZero();
    stage.sql("insert into orders values (1, 10)");
    stage.file(
        "db/V2__note.sql",
        "alter table orders add note text; update orders set total = total + 1;");
    stage.file("db/V3__broken.sql", "select 1/0;");
    GuardStage.Result result = stage.guard(SAFE, "./flyway", "migrate");
    assertThat(result.status()).as(result.err()).isEqualTo(20);
    assertThat(result().path("recovery").path("done").asString()).isEqualTo("UNDONE");
    assertThat(result().path("recovery").path("found").toString())
        .contains("rows of public.orders changed since the backup");
  }

  @Test
  void theRowOfAFailedMigrationStaysWhenItChangedRows() {
    assertThat(
            stage.guard(List.of("--no-backup", "--no-preflight"), "./flyway", "migrate").status())
        .isZero();
    stage.sql("insert into orders values (1, 10), (2, 10)");
    stage.file(
        "db/V3__half.sql",
        "update orders set total = 11;\ncreate unique index concurrently one_total on orders (total);");
    GuardStage.Result result =
        stage.guard(
            List.of("--no-backup", "--no-preflight", "--report-file", "report.json"),
            "./flyway",
            "-postgresql.transactional.lock=false",
            "-mixed=true",
            "migrate");
    assertThat(result.status()).as(result.err()).isEqualTo(20);
    assertThat(result().path("recovery").path("done").asString()).isEqualTo("LEFT");
    assertThat(stage.test("select exists (select from flyway_schema_history where not success)"))
        .isTrue();
  }

  @Test
  void anUndoThatWouldLoseRowsIsNotDoneAndTheWaysAreNamed() {
    stage.file("db/V3__broken.sql", "insert into orders values (7, 7, 'x'); select 1/0;");
    stage.file(
        "db/V2__note.sql", "alter table orders add note text; update orders set note = 'old';");
    assertThat(
            stage
                .guard(List.of("--no-backup", "--no-preflight"), "./flyway", "-target=1", "migrate")
                .status())
        .isZero();
    stage.sql("insert into orders values (1, 10)");
    GuardStage.Result result =
        stage.guard(
            List.of("--no-backup", "--no-preflight", "--report-file", "report.json"),
            "./flyway",
            "migrate");
    assertThat(result.status()).as(result.err()).isEqualTo(20);
    JsonNode recovery = result().path("recovery");
    assertThat(recovery.path("done").asString()).isEqualTo("LEFT");
    assertThat(recovery.path("ways").toString())
        .contains("rollback-migration shop 2")
        .contains("--accept-loss 1");
    assertThat(recovery.path("failures").toString()).contains("1 rows or values would be lost");
  }

  @Test
  void anIndexThatIsHalfMadeAndTheRowOfItsMigrationAreTakenAway() {
    assertThat(
            stage.guard(List.of("--no-backup", "--no-preflight"), "./flyway", "migrate").status())
        .isZero();
    stage.sql("insert into orders values (1, 10), (2, 10)");
    stage.file("db/V3__index.sql", "create unique index concurrently one_total on orders (total);");
    GuardStage.Result result =
        stage.guard(SAFE, "./flyway", "-postgresql.transactional.lock=false", "migrate");
    assertThat(result.status()).as(result.err()).isEqualTo(13);
    assertThat(result().path("recovery").path("done").asString()).isEqualTo("UNDONE");
    assertThat(result().path("recovery").path("undone").toString())
        .contains("invalid index public.one_total", "V3__index.sql");
    assertThat(stage.test("select to_regclass('one_total') is null")).isTrue();
    assertThat(stage.test("select count(*) = 2 from flyway_schema_history")).isTrue();
  }

  @Test
  void aPythonScriptThatFailsHalfWayIsTakenBack() {
    stage.sql("create table people (id int primary key, name text)");
    stage.file(
        "migrate.py",
        """
        import subprocess, sys
        def sql(text):
            subprocess.run(["psql", "-qXv", "ON_ERROR_STOP=1", "-c", text], check=True)
        print("one", flush=True)
        sql("alter table people add mail text")
        sql("create index on people (mail)")
        print("two", flush=True)
        sql("alter table nowhere add mail text")
        """);
    GuardStage.Result result = stage.guard(SAFE, "python3", "migrate.py");
    assertThat(result.status()).as(result.err()).isEqualTo(13);
    assertThat(result.out()).isEqualTo("one\ntwo\n");
    assertThat(result.err()).contains("CalledProcessError").contains("ended with status 1");
    assertThat(result().path("recovery").path("done").asString()).isEqualTo("RESTORED");
    assertThat(
            stage.test(
                "select not exists (select from information_schema.columns where column_name = 'mail')"))
        .isTrue();
  }

  @Test
  void aShellPipelineGetsItsStreamsAndItsStatusCounts() {
    stage.file("new.sql", "create table made (id int); \\echo made\n");
    GuardStage.Result result =
        stage.guard(SAFE, "sh", "-c", "psql -qXf new.sql | tee new.log; cat new.log >&2");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("made\n");
    assertThat(here.resolve("new.log")).hasContent("made");
    assertThat(result().path("changed").toString()).contains("table public.made");
  }

  @Test
  void standardInputIsTheCommands() throws Exception {
    Path input = stage.file("input.sql", "create table from_input (id int);\n");
    Path out = here.resolve("out");
    Path err = here.resolve("err");
    Process process =
        stage.start(
            out,
            err,
            input,
            stage.command("guard", "--yes", "--no-backup", "--no-preflight", "--", "psql", "-qX"));
    GuardStage.Result result = GuardStage.result(process, out, err);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(stage.test("select to_regclass('from_input') is not null")).isTrue();
  }
}
