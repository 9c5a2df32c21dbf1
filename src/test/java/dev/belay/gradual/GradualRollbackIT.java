package dev.belay.gradual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command on a real database. */
@Timeout(240)
class GradualRollbackIT {
  private static final int ROWS = 3000;

  @TempDir Path here;
  private Target target;
  private Surgery surgery;

  @BeforeEach
  void migrate() {
    target = TestServer.fresh("gradual");
    surgery = new Surgery(target, here, ROWS);
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private void assertTakenBack() {
    assertThat(surgery.hasColumn("phone_e164")).isFalse();
    assertThat(
            surgery.number(
                "select count(*) from %s where \"Phone; drop\" = '4100' || id / 2"
                    .formatted(Surgery.TABLE)))
        .isEqualTo(ROWS);
    assertThat(surgery.number("select count(*) from surgery.visits where counted = 1"))
        .isEqualTo(ROWS);
    assertThat(surgery.number("select count(*) from belay.batch_sync")).isZero();
    assertThat(
            surgery.number(
                "select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
                    + " where n.nspname = 'belay'"))
        .isZero();
    assertThat(surgery.test("select state = 'finished' and phase = 'done' from belay.batch_run"))
        .isTrue();
    assertThat(surgery.number("select count(*) from belay.undone")).isEqualTo(1);
    assertThat(
            surgery.number(
                "select count(*) from surgery.flyway_schema_history where type = 'DELETE'"))
        .isEqualTo(1);
  }

  @Test
  void takesAMigrationBackInFourPhases() {
    Cli.Result plan = surgery.cli().expect(0, "gradual-rollback", "surgery", "2", "--dry-run");
    assertThat(plan.err())
        .contains("prepare: make a backup")
        .contains("(it only adds)")
        .contains("equal by a trigger")
        .contains("in batches, 100 rows each, with a pause of 5.0 s")
        .contains("schema, in one transaction: take V2__e164 back with 1 statement");
    assertThat(surgery.hasColumn("Phone; drop")).isFalse();

    Cli.Result result = surgery.run(0);

    assertTakenBack();
    assertThat(result.out())
        .contains("V2__e164 of surgery was taken back")
        .contains("3,000 rows of surgery.Patients \"of\" Ü in 30 batches")
        .contains("phone_e164 and Phone; drop say the same in every row")
        .contains("the schema is what the migrations that are left give");
    assertThat(result.err()).contains("phase 1 of 4").contains("phase 4 of 4");
    assertThat(surgery.flyway().migrate().migrationsExecuted).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"batch-before-commit", "batch-committed", "gradual-data-done", "gradual-switched"})
  void killedAnywhereTheSameCommandGoesOnExactlyOnce(String point) {
    int kills = point.startsWith("batch") ? 2 : 1;
    for (int kill = 1; kill <= kills; kill++) {
      surgery.killedAt(point);
    }

    surgery.run(0);

    assertTakenBack();
  }

  @Test
  void aStatementThatFailsLeavesTheBatchesBeforeItAndSaysSo() {
    surgery.sql(
        "alter table surgery.visits add constraint only_so check (patient <> 1650 or counted = 0)");

    Cli.Result result = surgery.run(20, "--unproven");

    assertThat(result.err())
        .contains("batch 17: ")
        .contains("only_so")
        .contains("state: 46 batches, 4,600 rows are done; the schema is as before, but for")
        .contains("go on with: belay gradual-rollback surgery 2")
        .contains("or give it up with: belay batch abort --discard 1");
    assertThat(surgery.number("select sum(counted) from surgery.visits")).isEqualTo(1600);
    assertThat(surgery.cli().expect(0, "batch", "status").out())
        .contains("run 1: 2 of surgery, phase data, failed")
        .contains("nobody works on it; go on with: belay gradual-rollback surgery 2");

    surgery.sql("alter table surgery.visits drop constraint only_so");
    surgery.run(0, "--unproven");
    assertTakenBack();
  }

  @Test
  void anotherPlanIsRefusedWithWhatIsOther() {
    surgery.killedAt("batch-committed");
    surgery.put("undo/U2__e164.sql", Surgery.UNDO.replace("counted + 1", "counted + 2"));

    Cli.Result result = surgery.run(11);

    assertThat(result.err())
        .contains("run 1, which takes 2 back, is not over, and did something else")
        .contains("counted + 2")
        .contains("belay batch abort --discard 1");
  }

  @Test
  void twoAtOnceAreRefusedAndOneCanBePausedAndEndedFromElsewhere() {
    surgery.sql("create table public.wait as select true as yes");
    CompletableFuture<Cli.Result> first =
        CompletableFuture.supplyAsync(
            () ->
                surgery
                    .cli()
                    .run(Surgery.words("--throttle-query", "select yes from public.wait")));
    surgery.awaitRun(first, "waits_for is not null");

    assertThat(surgery.run(11).err()).contains("run 1 is at it");
    assertThat(surgery.cli().expect(0, "batch", "status").out())
        .contains("waits: --throttle-query answers true");
    assertThat(surgery.cli().expect(0, "batch", "pause", "--reason", "month end").out())
        .contains("run 1 waits after the batch that it is at");
    assertThat(surgery.cli().expect(0, "batch", "status").out()).contains("paused (");
    surgery.cli().expect(0, "batch", "resume");
    assertThat(surgery.cli().expect(11, "batch", "abort", "--discard").err())
        .contains("is being worked on");
    assertThat(surgery.cli().expect(0, "batch", "abort").out()).contains("ends after the batch");

    Cli.Result ended = first.join();
    assertThat(ended.status()).isEqualTo(20);
    assertThat(ended.err())
        .contains("run 1 was ended by belay batch abort")
        .contains("state: 0 batches, 0 rows are done; the schema is as before");
  }

  @Test
  void oneThatWasEndedCanBeGivenUpAndUndoneAtOnce() {
    surgery.killedAt("batch-committed");

    assertThat(surgery.cli().expect(0, "batch", "abort").out()).contains("1 batch, 100 rows");
    assertThat(
            surgery
                .cli()
                .expect(
                    11,
                    "rollback-migration",
                    "surgery",
                    "2",
                    "--yes",
                    "--no-backup",
                    "--no-export",
                    "--accept-loss",
                    "9000")
                .err())
        .contains("run 1 of gradual-rollback, which takes 2 of surgery back, is not over")
        .contains("go on with it: belay gradual-rollback surgery 2");
    Cli.Result discarded = surgery.cli().expect(0, "batch", "abort", "--discard");
    assertThat(discarded.out()).contains("run 1 was given up").contains("1 trigger was taken away");

    surgery
        .cli()
        .expect(
            0,
            "rollback-migration",
            "surgery",
            "2",
            "--yes",
            "--no-backup",
            "--accept-loss",
            "9000");
    assertThat(surgery.hasColumn("phone_e164")).isFalse();
    assertThat(
            surgery.number(
                "select count(*) from %s where \"Phone; drop\" is null".formatted(Surgery.TABLE)))
        .isZero();
  }

  @Test
  void aTableThatIsEmptiedMeanwhileAndAKeyThatIsGoneAreTold() {
    surgery.killedAt("batch-committed");
    surgery.sql("alter table surgery.visits drop constraint visits_pkey");
    assertThat(surgery.run(20, "--unproven").err())
        .contains("surgery.visits has no unique and valid index")
        .contains("rows are done");
    surgery.sql(
        "truncate surgery.visits",
        "truncate " + Surgery.TABLE,
        "alter table surgery.visits add primary key (patient, \"Day\")");

    surgery.run(0);

    assertThat(surgery.hasColumn("phone_e164")).isFalse();
  }

  @Test
  void whatHasNothingInBatchesOrDoesMoreThanAddBeforeThemIsRefused() {
    surgery.put("undo/U2__e164.sql", "alter table " + Surgery.TABLE + " drop column phone_e164;");
    assertThat(surgery.run(11).err())
        .contains("nothing of the undo is marked to be run in batches")
        .contains("hint: belay rollback-migration surgery 2");

    surgery.put(
        "undo/U2__e164.sql",
        Surgery.UNDO.replace(
            "alter table " + Surgery.TABLE + " add column if not exists \"Phone; drop\" text;",
            "alter table " + Surgery.TABLE + " alter phone_e164 type varchar(50);"));
    assertThat(surgery.run(11).err()).contains("does more than add: alter table");

    surgery.put("undo/U2__e164.sql", Surgery.UNDO.replace("key=id", "key=phone_e164"));
    assertThat(surgery.run(11, "--unproven").err())
        .contains("no unique and valid index")
        .contains("use key=id in that line");
    assertThat(surgery.hasColumn("Phone; drop")).isFalse();
  }

  @Test
  void wrongWordsAreToldBeforeAnythingIsAsked() {
    assertThat(surgery.run(2, "--batch-size", "0").err()).contains("neither auto nor a number");
    assertThat(surgery.run(2, "--to", "--only").err()).contains("contradict");
    assertThat(surgery.cli().expect(2, "batch").err()).contains("belay batch status");
    assertThat(surgery.cli().expect(2, "batch", "pause").err()).contains("is not over");
    assertThat(surgery.cli().expect(0, "batch", "status").out())
        .contains("no gradual-rollback was run");
  }

  @Test
  void columnsAreKeptEqualForARoleWithoutRightsOnTheLedger() {
    String role = "gradual_app_" + ProcessHandle.current().pid();
    surgery.sql(
        "create role " + role,
        "grant usage on schema surgery to " + role,
        "grant select, insert, update, delete on " + Surgery.TABLE + " to " + role,
        "create table public.wait as select true as yes");
    try {
      CompletableFuture<Cli.Result> first =
          CompletableFuture.supplyAsync(
              () ->
                  surgery
                      .cli()
                      .run(Surgery.words("--throttle-query", "select yes from public.wait")));
      // The column is there before the trigger; the throttle holds the batches behind both.
      surgery.awaitRun(first, "waits_for is not null");
      try (Database app = surgery.open()) {
        app.execute("set role " + role);
        app.execute("insert into " + Surgery.TABLE + " (id, phone_e164) values (1, '+1')");
        app.execute("insert into " + Surgery.TABLE + " (id, \"Phone; drop\") values (3, '3')");
        app.execute("insert into " + Surgery.TABLE + " values (5, '+55', '5')");
        app.execute("update " + Surgery.TABLE + " set \"Phone; drop\" = '22' where id = 2");
        app.execute("update " + Surgery.TABLE + " set phone_e164 = '+44' where id = 4");
        app.execute("update " + Surgery.TABLE + " set id = 7 where id = 6");
        assertThat(
                app.list(
                    "select id || ' ' || phone_e164 || ' ' || \"Phone; drop\" from %s where id < 8 order by id"
                        .formatted(Surgery.TABLE),
                    row -> row.getString(1)))
            .containsExactly(
                "1 +1 1", "2 +22 22", "3 +3 3", "4 +44 44", "5 +55 5", "7 +41003 41003");
        app.execute("reset role");
        app.execute("update " + Surgery.TABLE + " set phone_e164 = '+5' where id = 5");
        app.execute("update public.wait set yes = false");
      }
      assertThat(first.join().status()).as(first.join().err()).isZero();
    } finally {
      surgery.sql("drop owned by " + role, "drop role " + role);
    }
  }

  @Test
  void whatIsLostIsInTheLedgerOnceHoweverManyMigrationsGo() {
    surgery.put(
        "undo/U2__e164.sql",
        Surgery.UNDO.replace("drop column phone_e164;", "drop column phone_e164 cascade;")
            + "truncate visits;\n");
    surgery.put(
        "db/R__numbers.sql",
        "create or replace view numbers as select phone_e164 from " + Surgery.TABLE + ";");
    surgery.flyway().migrate();

    surgery.run(0, "--accept-loss", String.valueOf(ROWS));

    assertThat(surgery.number("select count(*) from belay.undone")).isEqualTo(2);
    assertThat(surgery.number("select sum(rows_lost)::bigint from belay.undone")).isEqualTo(ROWS);
  }

  @Test
  void aRepeatableMigrationThatNeedsWhatIsHeldStopsNoStartAndRunsAgainWithIt() {
    surgery.put(
        "undo/U2__e164.sql",
        Surgery.UNDO.replace("drop column phone_e164;", "drop column phone_e164 cascade;"));
    surgery.put(
        "db/R__numbers.sql",
        "create or replace view numbers as select phone_e164 from " + Surgery.TABLE + ";");
    surgery.flyway().migrate();

    Cli.Result result = surgery.run(0, "--hold");

    assertThat(result.err()).contains("R__numbers goes with it and stays recorded as applied");
    assertThat(result.out()).contains("the schema is what the migrations that are left give");
    assertThat(surgery.flyway().migrate().migrationsExecuted).isZero();
    assertThat(surgery.test("select to_regclass('surgery.numbers') is null")).isTrue();

    surgery.cli().expect(0, "rollback-migration", "surgery", "2", "--reopen", "--yes");
    assertThat(surgery.flyway().migrate().migrationsExecuted).isEqualTo(2);
    assertThat(surgery.number("select count(phone_e164) from surgery.numbers")).isEqualTo(ROWS);
  }
}
