package dev.belay.gradual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.app.Main;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.support.ChildJvm;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens between the last batch and the end, and what others do meanwhile. */
@Timeout(240)
class GradualControlIT {
  private static final int ROWS = 400;

  @TempDir Path here;
  private Target target;
  private Surgery surgery;

  @BeforeEach
  void migrate() {
    target = TestServer.fresh("control");
    surgery = new Surgery(target, here, ROWS);
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private CompletableFuture<Cli.Result> begin(String... more) {
    return CompletableFuture.supplyAsync(() -> surgery.cli().run(Surgery.words(more)));
  }

  @Test
  void batchesThatWereDoneAreNotDoneOnceMoreByAnotherCommand() {
    surgery.sql(
        "alter table surgery.visits add constraint only_so check (patient <> 250 or counted = 0)");
    surgery.run(20, "--unproven");
    surgery.sql("alter table surgery.visits drop constraint only_so");
    assertThat(surgery.number("select sum(counted) from surgery.visits")).isEqualTo(200);

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
                    "--unproven",
                    "--accept-loss",
                    "9000")
                .err())
        .contains("is not over");
    assertThat(surgery.cli().expect(11, "batch", "abort", "--discard").err())
        .contains("would do once more")
        .contains("was done for 200 rows of surgery.visits, up to the key 200")
        .contains("go on with it: belay gradual-rollback surgery 2")
        .contains("belay batch abort --discard --discard-done 1");
    surgery.run(0, "--unproven");

    assertThat(surgery.number("select count(*) from surgery.visits where counted = 1"))
        .isEqualTo(ROWS);
  }

  @Test
  void discardingWhatWasDoneSaysWhatItWas() {
    surgery.sql(
        "alter table surgery.visits add constraint only_so check (patient <> 250 or counted = 0)");
    surgery.run(20, "--unproven");

    assertThat(surgery.cli().expect(2, "batch", "abort", "--discard-done").err())
        .contains("goes with --discard");
    assertThat(surgery.cli().expect(0, "batch", "abort", "--discard", "--discard-done").out())
        .contains("run 1 was given up")
        .contains("not to be done once more on the same rows: U2__e164.sql, line ");
  }

  @Test
  void theSwitchLooksAgainAtHistoryAndLoss() {
    surgery.put(
        "db/V2__e164.sql",
        """
        alter table %1$s add column phone_e164 text;
        update %1$s set phone_e164 = '+' || "Phone; drop";
        alter table %1$s drop column "Phone; drop";
        create table log (id bigint);
        """
            .formatted(Surgery.TABLE));
    surgery.sql("create table surgery.log (id bigint)");
    surgery.flyway().repair();
    surgery.put("undo/U2__e164.sql", Surgery.UNDO + "drop table log;");
    CompletableFuture<Cli.Result> first = begin("--wait-before-switch");
    surgery.awaitRun(first, "phase = 'schema' and state = 'paused'");
    surgery.sql("insert into surgery.log values (1), (2), (3)");
    surgery.cli().expect(0, "batch", "resume");

    assertThat(first.join().status()).isEqualTo(20);
    assertThat(first.join().err())
        .contains("3 rows or values would be lost by now, and 0 are accepted: surgery.log")
        .contains("the schema is as before");

    CompletableFuture<Cli.Result> second = begin("--accept-loss", "3");
    surgery.awaitRun(second, "phase = 'schema' and state = 'paused'");
    surgery.put("db/V3__more.sql", "create table more (id bigint);");
    surgery.flyway().migrate();
    surgery.cli().expect(0, "batch", "resume");

    assertThat(second.join().status()).isEqualTo(20);
    assertThat(second.join().err())
        .contains("the history of surgery changed since the plan was made")
        .contains("the schema is as before");
    assertThat(surgery.hasColumn("phone_e164")).isTrue();
  }

  @Test
  void pausedOrEndedWhileTheSwitchIsTriedItDoesNotSwitch() {
    CompletableFuture<Cli.Result> run;
    try (Database client = surgery.open()) {
      run = begin("--wait-before-switch");
      surgery.awaitRun(run, "phase = 'schema' and state = 'paused'");
      client.execute("begin");
      client.execute("select 1 from surgery.flyway_schema_history limit 1");
      client.execute("lock table " + Surgery.TABLE + " in access share mode");
      surgery.cli().expect(0, "batch", "resume");
      surgery.await(run, "select exists (select from pg_locks where not granted)");

      assertThat(surgery.cli().expect(0, "batch", "pause").out())
          .contains("run 1 waits before the switch of the schema");
      client.execute("rollback");
    }
    String since;
    try (Database clock = surgery.open()) {
      since = clock.text("select clock_timestamp()::text");
    }
    // Outside of any transaction it asks for the run's state only while it waits for a word.
    surgery.await(
        run,
        "select exists (select from pg_stat_activity where application_name ~ '^belay:[0-9a-f]{12}'"
            + " and state = 'idle' and query like '%from belay.batch_run r%' and query like '%r.id = %'"
            + " and state_change > '"
            + since
            + "')");
    assertThat(surgery.test("select phase = 'schema' and state = 'paused' from belay.batch_run"))
        .isTrue();
    assertThat(surgery.hasColumn("phone_e164")).isTrue();
    assertThat(surgery.cli().expect(0, "batch", "abort").out())
        .contains("run 1 ends before the switch of the schema");

    assertThat(run.join().status()).isEqualTo(20);
    assertThat(run.join().err()).contains("run 1 was ended by belay batch abort");
    assertThat(surgery.hasColumn("phone_e164")).isTrue();
  }

  @Test
  void whatProtectsGoesOnProtectingWhenItGoesOn() {
    ChildJvm.killed(
        "gradual-data-done",
        Main.class,
        here,
        surgery.environment(),
        "gradual-rollback",
        "surgery",
        "2",
        "--yes",
        "--delay-seconds",
        "0",
        "--hold",
        "--wait-before-switch");

    CompletableFuture<Cli.Result> again =
        CompletableFuture.supplyAsync(
            () -> surgery.cli().run("gradual-rollback", "surgery", "2", "--yes"));
    surgery.awaitRun(again, "phase = 'schema' and state = 'paused'");
    surgery.cli().expect(0, "batch", "resume");

    assertThat(again.join().status()).as(again.join().err()).isZero();
    assertThat(again.join().err())
        .contains("run 1 was begun with --hold --delay-seconds 0 --wait-before-switch");
    assertThat(again.join().out()).contains("backup from before: ");
    assertThat(surgery.test("select recorded_as = 'hold' and backup is not null from belay.undone"))
        .isTrue();
  }

  @Test
  void aCommitThatIsLostAndAFailureAfterTheSwitchAreSaidAsWhatTheyAre() {
    surgery.sql(
        """
        create function public.gone() returns trigger language plpgsql as
        $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); return null; end $$
        """,
        """
        create constraint trigger gone after insert on surgery.flyway_schema_history
          deferrable initially deferred for each row execute function public.gone()
        """);
    Cli.Result lost = surgery.run(20, "--unproven");
    assertThat(lost.err())
        .contains("asking the server what became of it")
        .contains("the schema is as before");
    assertThat(surgery.test("select phase = 'schema' and state = 'failed' from belay.batch_run"))
        .isTrue();
    surgery.sql(
        "drop trigger gone on surgery.flyway_schema_history",
        """
        create or replace function public.gone() returns trigger language plpgsql as
        $$ begin if new.phase = 'done' then raise 'not now'; end if; return new; end $$
        """,
        "create trigger gone before update on belay.batch_run for each row execute function public.gone()");

    Cli.Result switched = surgery.run(20);
    assertThat(switched.err()).contains("the schema is switched, and then: ").contains("not now");
    assertThat(surgery.run(20).err()).contains("the schema is switched, and then: ");
    surgery.sql("drop trigger gone on belay.batch_run");
    assertThat(surgery.run(0).out()).contains("the schema had been switched before this run");
  }

  @Test
  void aRunThatIsOnlyToBeLookedAtSwallowsNoOtherCommand() {
    surgery.killedAt("gradual-switched");
    surgery.flyway().migrate();
    assertThat(surgery.hasColumn("phone_e164")).isTrue();

    assertThat(surgery.run(0).err()).contains("the schema was switched by run 1");

    assertThat(surgery.hasColumn("phone_e164")).isFalse();
    assertThat(surgery.number("select count(*) from belay.batch_run where state = 'finished'"))
        .isEqualTo(2);
  }
}
