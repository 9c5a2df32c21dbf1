package dev.belay.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.app.Main;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.flyway.FlywayLock;
import dev.belay.journal.BegunOutside;
import dev.belay.journal.Journal;
import dev.belay.postgres.Database;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.Cli;
import dev.belay.support.FlywayVersion;
import dev.belay.support.OtherServer;
import dev.belay.support.Proxy;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command on a real database, and applications with real Flyway before and after. */
class RollbackMigrationIT {
  private static final String[] QUICK = {"--yes", "--no-backup"};

  @TempDir Path here;
  private Target target;
  private Theatre theatre;

  @BeforeEach
  void migrate() {
    target = TestServer.fresh("undone");
    theatre = new Theatre(target, here).migrated();
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
    TestServer.dropReplaced(target);
  }

  private Cli.Result quick(int status, String... arguments) {
    return theatre.run(
        status,
        Stream.concat(List.of(arguments).stream(), List.of(QUICK).stream()).toArray(String[]::new));
  }

  @Test
  void undoesTheLastMigrationAndEveryFlywayAppliesItAgainTwice() {
    for (String version : FlywayVersion.ALL) {
      for (int cycle = 0; cycle < 2; cycle++) {
        Cli.Result result = quick(0, "3", "--output", "json");
        JsonNode answer = theatre.answer(result);
        assertThat(answer.path("undone").get(0).path("recordedAs").asString()).isEqualTo("DELETE");
        assertThat(theatre.exists("plays")).isFalse();
        assertThat(theatre.start(version, theatre.without("V3__plays.sql"), Map.of()))
            .as(version)
            .isZero();
        assertThat(theatre.start(version)).as(version).isEqualTo(1);
        assertThat(theatre.exists("plays")).isTrue();
      }
    }
  }

  @Test
  void aHeldMigrationStaysUndoneUntilItIsReopened() {
    quick(0, "3", "--hold");
    for (String version : FlywayVersion.ALL) {
      assertThat(theatre.start(version)).as(version).isZero();
    }
    assertThat(theatre.exists("plays")).isFalse();
    assertThat(quick(11, "3", "--hold").err()).contains("V3__plays");

    theatre.run(0, "3", "--reopen", "--yes");
    assertThat(theatre.run(11, "3", "--reopen", "--yes").err()).contains("is not held");
    assertThat(theatre.start("10.22.0")).isEqualTo(1);
  }

  @Test
  void aChainIsHeldAndStartsStillWork() {
    quick(0, "2", "--hold");
    assertThat(theatre.history()).containsSubsequence("UNDO_SCRIPT 3", "UNDO_SCRIPT 2");
    for (String version : FlywayVersion.ALL) {
      assertThat(theatre.start(version)).as(version).isZero();
    }
  }

  @Test
  void toAVersionUndoesWhatCameAfter() {
    Cli.Result result = quick(0, "--to", "1");
    assertThat(result.out()).contains("2 migrations");
    assertThat(theatre.start("9.22.3")).isEqualTo(2);
  }

  @Test
  void oneInTheMiddleIsUndoneAloneAndTheReportSaysWhatTheNextStartNeeds() {
    Cli.Result result = quick(0, "2", "--only");
    assertThat(result.out()).contains("outOfOrder=true");
    assertThatThrownBy(() -> theatre.start("11.20.3")).hasMessageContaining("not applied");
    assertThat(theatre.start("11.20.3", here.resolve("db"), Map.of("flyway.outOfOrder", "true")))
        .isEqualTo(1);
  }

  @Test
  void lossIsRefusedWithItsNumberThenExportedAndComesBack() {
    theatre.sql(
        "insert into "
            + Theatre.SEATS
            + " select g, 'n' || g, g / 2.0 from generate_series(1, 100) g");

    Cli.Result refused = quick(11, "2");
    assertThat(refused.err()).contains("--accept-loss 100");
    assertThat(quick(11, "2", "--accept-loss", "99").err()).contains("--accept-loss 100");
    assertThat(theatre.history()).doesNotContain("DELETE 2", "DELETE 3");

    JsonNode answer = theatre.answer(quick(0, "2", "--accept-loss", "100", "--output", "json"));
    assertThat(answer.path("rowsLost").asLong()).isEqualTo(100);
    List<String> exports = answer.path("exports").valueStream().map(JsonNode::asString).toList();
    assertThat(exports).isNotEmpty();

    theatre.start("13.12.0");
    assertThat(theatre.number("select count(price) from " + Theatre.SEATS)).isZero();
    for (JsonNode command : answer.path("bringBack")) {
      theatre.cli(target).expect(0, (command.asString() + " --yes").substring(6).split(" "));
    }
    assertThat(theatre.number("select sum(price * 2)::bigint from " + Theatre.SEATS))
        .isEqualTo(5050);
  }

  @Test
  void rowsThatTheScriptRemovesOrOverwritesAreCountedBeforeTheCommit() {
    theatre.script("V4__wipe.sql", "select 1;");
    theatre.undo(
        "U4__wipe.sql",
        "delete from %1$s where id <= 10; update %1$s set name = null where id > 90;"
            .formatted(Theatre.SEATS));
    theatre.start("13.12.0");
    theatre.sql(
        "insert into " + Theatre.SEATS + " select g, 'n' || g from generate_series(1, 100) g");

    assertThat(quick(11, "4").err()).contains("--accept-loss 20");
    assertThat(theatre.number("select count(name) from " + Theatre.SEATS)).isEqualTo(100);

    quick(0, "4", "--accept-loss", "20");
    assertThat(theatre.number("select count(name) from " + Theatre.SEATS)).isEqualTo(80);
    theatre.cli(target).expect(0, "import-data", "latest", "--policy", "overwrite", "--yes");
    assertThat(theatre.number("select count(name) from " + Theatre.SEATS)).isEqualTo(100);
  }

  @Test
  void truncatedTablesAreLosses() {
    theatre.script("V4__wipe.sql", "select 1;");
    theatre.undo("U4__wipe.sql", "truncate " + Theatre.SEATS + ";");
    theatre.start("13.12.0");
    theatre.sql("insert into " + Theatre.SEATS + " values (1, 'a'), (2, 'b')");
    assertThat(quick(11, "4").err()).contains("--accept-loss 2");
    quick(0, "4", "--accept-loss", "2");
    assertThat(theatre.exports()).isNotEmpty();
  }

  @Test
  void withABackupFirst() {
    Cli.Result result = theatre.run(0, "3", "--yes");
    assertThat(result.out()).contains("backup     ");
    try (Database session = theatre.open()) {
      assertThat(
              session.list(
                  "select app || ' ' || version || ' ' || recorded_as || ' ' || (backup is not null)"
                      + " from belay.undone",
                  row -> row.getString(1)))
          .containsExactly("stage 3 reopen true");
    }
    theatre.start("13.12.0");
    assertThat(theatre.run(11, "3", "--restore", "--dry-run").err()).contains("there is no backup");
    assertThat(theatre.run(0, "3", "--yes", "--no-backup").err()).doesNotContain("making a backup");
    theatre.cli(target).expect(0, "create-backup");
    theatre.start("13.12.0");
    assertThat(theatre.run(0, "3", "--restore", "--yes").err()).contains("the newest backup from");
    assertThat(theatre.exists("plays")).isFalse();
  }

  @Test
  void theBackupFromBeforeIsOfThisServerAndNotOfTheDamage() throws IOException {
    quick(0, "3");
    String good = backup();
    OtherServer.give(here.resolve("backups").resolve(backup()));
    String damage = backup("--description", "emergency-recovery: of an incident");
    theatre.start("13.12.0");
    assertThat(theatre.run(0, "3", "--restore", "--dry-run").err())
        .contains("passed over: 1 backup of a database of the same name on another server")
        .contains("passed over: 1 backup that emergency-recovery made of the database in trouble")
        .contains("the newest backup from before V3__plays is " + good);
    OtherServer.give(here.resolve("backups").resolve(good));
    assertThat(theatre.run(11, "3", "--restore", "--dry-run").err())
        .contains("from before V3__plays but 2 backups of a database of the same name on another")
        .contains("and 1 backup that emergency-recovery made")
        .contains("if that is meant: belay", "backup-restore " + damage)
        .doesNotContain("passed over");
  }

  private String backup(String... options) {
    String[] arguments =
        Stream.concat(
                Stream.of("create-backup", "--level", "listed", "--output", "json"),
                Stream.of(options))
            .toArray(String[]::new);
    return theatre.answer(theatre.cli(target).expect(0, arguments)).path("id").asString();
  }

  @Test
  void aDryRunChangesNothing() {
    Cli.Result result = theatre.run(0, "3", "--dry-run");
    assertThat(result.err()).contains("Plan: undo 1 migration of app stage", "reopened:");
    assertThat(theatre.exists("plays")).isTrue();
    assertThat(theatre.history()).doesNotContain("DELETE 3");
  }

  @Test
  void badInputIsToldAndLeavesTheTargetAlone() {
    theatre.script("V4__more.sql", "create table more (id int);");
    theatre.start("13.12.0");
    final List<String> before = theatre.history();

    assertThat(quick(2, "33").err()).contains("33");
    assertThat(quick(2).err()).contains("which migration");
    theatre.script("V5__never.sql", "select 1;");
    assertThat(theatre.run(11, "5", "--yes").err()).contains("V5");
    assertThat(quick(11, "4").err()).containsIgnoringCase("undo");
    theatre.undo("U4__more.sql", "-- nothing\n");
    assertThat(quick(11, "4").err()).contains("no statement");
    theatre.undo("U4__more.sql", "drop table more;\nselect nonsense;");
    assertThat(quick(13, "4", "--unproven").err()).contains("U4__more.sql, line 2", "nonsense");
    theatre.undo("U4__more.sql", "delete from " + Theatre.HISTORY + " where version = '4';");
    assertThat(quick(11, "4", "--unproven", "--accept-loss", "9").err()).contains("Flyway's");
    theatre.undo("U4__more.sql", "drop table more;\ncommit;");
    assertThat(quick(11, "4", "--unproven").err()).contains("commit");

    assertThat(theatre.history()).isEqualTo(before);
    assertThat(theatre.exists("more")).isTrue();
  }

  @Test
  void whatWasUndoneIsNotUndoneTwice() {
    quick(0, "3");
    quick(11, "3");
    assertThat(theatre.history().stream().filter("DELETE 3"::equals)).hasSize(1);
  }

  @Test
  void failedRowsAreRefused() {
    theatre.sql(
        "insert into "
            + Theatre.HISTORY
            + " values (99, '9', 'x', 'SQL', 'V9__x.sql', 1, 'a', now(), 1, false)");
    assertThat(quick(11, "3").err()).contains("fail");
  }

  @Test
  void aRunningMigrationIsRefused() {
    try (Database flyway = theatre.open()) {
      flyway.number(
          "select 1 from (select pg_advisory_lock("
              + FlywayLock.key(
                  new AppSettings(
                      "stage",
                      List.of(),
                      List.of(),
                      List.of(),
                      List.of(),
                      Theatre.SCHEMA,
                      Theatre.HISTORY_TABLE,
                      Map.of(),
                      Map.of()))
              + ")) x");
      assertThat(quick(11, "3").err()).contains("is running");
    }
    assertThat(theatre.exists("plays")).isTrue();
  }

  @Test
  void twoOperatorsAtTheSameMomentUndoItOnce() {
    CompletableFuture<Cli.Result> other =
        CompletableFuture.supplyAsync(
            () -> theatre.cli(target).run("rollback-migration", "3", "--yes", "--no-backup"));
    Cli.Result mine = theatre.cli(target).run("rollback-migration", "3", "--yes", "--no-backup");
    assertThat(List.of(mine.status(), other.join().status())).containsExactlyInAnyOrder(0, 11);
    assertThat(theatre.history().stream().filter("DELETE 3"::equals)).hasSize(1);
  }

  @Test
  void aReaderInTheWayIsNamedAndEndedOnlyWhenAskedAndIdle() {
    try (Database reader = theatre.open()) {
      reader.execute("begin");
      reader.number("select count(*) from " + new TableName(Theatre.SCHEMA, "plays"));
      Cli.Result result = quick(12, "3", "--lock-tries", "3");
      assertThat(result.err()).contains("in the way", "theatre-test", "idle in transaction");
      assertThat(theatre.exists("plays")).isTrue();

      assertThat(quick(0, "3", "--kill-blocker").out()).contains("ended");
      assertThat(theatre.exists("plays")).isFalse();
    }
  }

  @Test
  void noRowOfAConcurrentWriterIsLostUnannounced() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong inserted = new AtomicLong();
    Thread writer =
        new Thread(
            () -> {
              try (Database session = theatre.open()) {
                while (!over.get()) {
                  session.execute(
                      "insert into " + new TableName(Theatre.SCHEMA, "plays") + " values (?, 'x')",
                      (int) inserted.get());
                  inserted.incrementAndGet();
                }
              } catch (Failure gone) {
                over.set(true);
              }
            });
    writer.start();
    Await.until("50 rows are inserted", () -> inserted.get() >= 50, writer);
    quick(0, "3", "--accept-loss", "1000000000");
    writer.join();

    theatre.start("13.12.0");
    for (Path export : theatre.exports()) {
      theatre.cli(target).expect(0, "import-data", export.toString(), "--yes");
    }
    assertThat(theatre.number("select count(*) from " + new TableName(Theatre.SCHEMA, "plays")))
        .isEqualTo(inserted.get());
  }

  @Test
  void repeatableMigrationsWhoseObjectsVanishRunAgain() {
    theatre.script("V4__more.sql", "create table more (id int);");
    theatre.undo("U4__more.sql", "drop table more cascade;");
    theatre.script("R__all.sql", "create or replace view all_more as select * from more;");
    theatre.start("13.12.0");

    Cli.Result result = quick(0, "4");
    assertThat(result.out()).contains("R__all");
    assertThat(theatre.exists("all_more")).isFalse();
    assertThat(theatre.start("13.12.0")).isEqualTo(2);
    assertThat(theatre.exists("all_more")).isTrue();
  }

  @Test
  void whatSomebodyChangedByHandBeforeIsANoteAndNoProblem() {
    theatre.sql("alter table " + Theatre.SEATS + " add column by_hand text");
    assertThat(quick(0, "3").out()).contains("the schema differed before already", "by_hand");
  }

  @Test
  void whatAnUndoLeavesBehindIsAProblem() {
    theatre.undo("U3__plays.sql", "alter table plays rename to played;");
    assertThat(quick(11, "3").err()).contains("another schema");
    Cli.Result left = quick(20, "3", "--unproven");
    assertThat(left.out()).contains("PROBLEM", "played");
  }

  @Test
  void aLedgerThatWasDroppedByHandIsMadeAgain() {
    quick(0, "3");
    theatre.sql("drop schema belay cascade");
    theatre.start("13.12.0");
    quick(0, "3");
    assertThat(theatre.number("select count(*) from belay.undone")).isEqualTo(1);
  }

  @Test
  void aScriptThatNoTransactionTakesRunsStepByStep() {
    theatre.script("V4__index.sql", "create index by_name on " + Theatre.SEATS + " (name);");
    theatre.undo("U4__index.sql", "drop index concurrently by_name;");
    theatre.start("13.12.0");
    Cli.Result result = quick(0, "4");
    assertThat(result.err()).contains("step by step");
    assertThat(theatre.exists("by_name")).isFalse();
    assertThat(theatre.start("13.12.0")).isEqualTo(1);
  }

  @Test
  void whatATransactionTakesIsGuardedInAScriptThatRunsStepByStep() {
    theatre.script("V4__index.sql", "create index by_name on " + Theatre.SEATS + " (name);");
    theatre.undo(
        "U4__index.sql",
        "delete from %s where id <= 10;\ndrop index concurrently by_name;"
            .formatted(Theatre.SEATS));
    theatre.script("V5__wipe.sql", "select 1;");
    theatre.undo("U5__wipe.sql", "delete from %s where id > 95;".formatted(Theatre.SEATS));
    theatre.start("13.12.0");
    theatre.sql(
        "insert into " + Theatre.SEATS + " select g, 'n' || g from generate_series(1, 100) g");

    assertThat(quick(11, "4").err()).contains("--accept-loss 5");
    assertThat(theatre.number("select count(*) from " + Theatre.SEATS)).isEqualTo(100);
    assertThat(quick(20, "4", "--accept-loss", "5").err()).contains("V5__wipe recorded");
    JsonNode answer = theatre.answer(quick(0, "4", "--accept-loss", "10", "--output", "json"));
    assertThat(answer.path("rowsLost").asLong()).isEqualTo(10);
    assertThat(theatre.exists("by_name")).isFalse();
    assertThat(theatre.number("select count(*) from " + Theatre.SEATS)).isEqualTo(85);
    assertThat(theatre.number("select sum(rows_lost) from belay.undone")).isEqualTo(15);
    for (Path export : theatre.exports()) {
      theatre.cli(target).expect(0, "import-data", export.toString(), "--yes");
    }
    assertThat(theatre.number("select count(*) from " + Theatre.SEATS)).isEqualTo(100);
  }

  @Test
  void whatIsDoneConcurrentlyWaitsAndLeavesNoInvalidIndex() {
    theatre.script("V4__index.sql", "select 1;");
    String make = "create index concurrently if not exists by_name on " + Theatre.SEATS + " (name)";
    theatre.undo("U4__index.sql", make + ";");
    theatre.start("13.12.0");
    CompletableFuture<Cli.Result> run = undoneBehindAReader();
    assertThat(run.join().status()).as("%s", run.join()).isEqualTo(20);
    assertThat(run.join().err())
        .contains("U4__index.sql, line 1 waits", "theatre-test", "history of stage changed");
    assertThat(theatre.number("select count(*) from pg_index where not indisvalid")).isZero();
    assertThat(theatre.exists("by_name")).isTrue();

    theatre.sql(
        "delete from " + Theatre.HISTORY + " where version = '99'",
        "update pg_index set indisvalid = false where indexrelid = '%s'::regclass"
            .formatted(new TableName(Theatre.SCHEMA, "by_name")));
    assertThat(quick(11, "4", "--unproven").err()).contains("by_name", "invalid");
    assertThat(theatre.history()).doesNotContain("DELETE 4");
  }

  /** While the statement waits for a reader, an application applies another migration. */
  private CompletableFuture<Cli.Result> undoneBehindAReader() {
    try (Database reader = theatre.open()) {
      reader.execute("begin");
      reader.number("select count(*) from " + Theatre.SEATS);
      CompletableFuture<Cli.Result> run =
          CompletableFuture.supplyAsync(
              () ->
                  theatre
                      .cli(target)
                      .run("rollback-migration", "4", "--yes", "--no-backup", "--unproven"));
      try (Database watcher = theatre.open()) {
        String waiting =
            "select count(*) from pg_stat_activity where query like 'create index concurrently%'"
                + " and wait_event_type = 'Lock' and now() - query_start > '3 s'"
                + " and datname = current_database()";
        Await.until("the index waits for the reader", () -> watcher.number(waiting) > 0, run);
        watcher.execute(
            "insert into "
                + Theatre.HISTORY
                + " values (99, '99', 'x', 'SQL', 'V99__x.sql', 1, 'a', now(), 1, true)");
      }
      reader.execute("rollback");
      return run;
    }
  }

  @Test
  void whereTheFirstStatementGetsNoLockNothingIsDone() {
    theatre.script("V4__tidy.sql", "select 1;");
    theatre.undo("U4__tidy.sql", "vacuum full " + Theatre.SEATS + ";");
    theatre.start("13.12.0");
    try (Database reader = theatre.open()) {
      reader.execute("begin");
      reader.number("select count(*) from " + Theatre.SEATS);
      assertThat(quick(12, "4", "--lock-tries", "3").err()).contains("in the way", "theatre-test");
    }
    assertThat(theatre.history()).doesNotContain("DELETE 4");
  }

  @Test
  void whatNobodyTriedRunsStepByStepOnlyWhenAskedFor() throws IOException {
    theatre.script("V4__index.sql", "create index by_name on " + Theatre.SEATS + " (name);");
    theatre.undo("U4__index.sql", "drop index concurrently by_name;");
    theatre.start("13.12.0");
    Files.delete(here.resolve("db/V1__seats.sql"));
    assertThat(quick(11, "4").err())
        .contains("could not be tried in a scratch database", "--unproven");
    assertThat(theatre.exists("by_name")).isTrue();
  }

  @Test
  void historiesOfOthersAndTheLedgerAreNotTouched() throws IOException {
    quick(0, "3");
    theatre.start("13.12.0");
    theatre.sql("create table public.others as table " + Theatre.HISTORY);
    Path settings = here.resolve("belay.yaml");
    theatre.put(
        "belay.yaml",
        Files.readString(settings)
            + "  other:\n    schemas: [public]\n    historyTable: others\n"
            + "    locations: ['filesystem:%s']\n".formatted(here.resolve("db")));
    String[] all = {"stage", "3", "--unproven", "--accept-loss", "99"};

    theatre.undo("U3__plays.sql", "drop table plays; delete from public.others;");
    assertThat(quick(11, all).err()).contains("the history table of the app 'other'");
    theatre.undo("U3__plays.sql", "drop table plays; truncate belay.undone;");
    assertThat(quick(11, all).err()).contains("the ledger");
    assertThat(theatre.exists("plays")).isTrue();
    assertThat(theatre.number("select count(*) from belay.undone")).isEqualTo(1);
  }

  @Test
  void whenItBreaksInTheMiddleThatIsSaidAndTheBackupComesBackWhenAskedFor() {
    theatre.script("V4__index.sql", "create index by_name on " + Theatre.SEATS + " (name);");
    theatre.undo(
        "U4__index.sql", "drop index concurrently by_name;\ndrop index concurrently other;");
    theatre.start("13.12.0");

    Cli.Result stopped = theatre.run(20, "4", "--yes", "--unproven");
    assertThat(stopped.err())
        .contains("U4__index.sql, line 2", "U4__index.sql, line 1")
        .containsOnlyOnce("belay backup-restore ");
    assertThat(theatre.exists("by_name")).isFalse();

    theatre.sql("create index by_name on " + Theatre.SEATS + " (name)");
    Path journals = here.resolve(".belay/journal");
    try (Journal journal = Journal.begin(journals, RunId.fresh(), "migrate", target.toString())) {
      journal.step("applying", Map.of(Journal.APP, "stage", Journal.OUTSIDE, "V5__half.sql"));
      journal.end(Journal.INCOMPLETE);
    }
    Cli.Result restored = theatre.run(20, "4", "--yes", "--unproven", "--on-failure", "restore");
    assertThat(restored.err()).contains("was brought back");
    assertThat(theatre.exists("by_name")).isTrue();
    assertThat(theatre.history()).contains("SQL 4");
    // The backup was made when it was half done.
    assertThat(BegunOutside.on(target.toString(), journals)).hasSize(1);
  }

  @Test
  void aCommitWhoseConnectionIsLostIsAskedAbout() throws Exception {
    assertThat(lostAtCommit(true)).isZero();
    assertThat(theatre.exists("plays")).isFalse();
    theatre.start("13.12.0");
    assertThat(lostAtCommit(false)).isEqualTo(13);
    assertThat(theatre.exists("plays")).isTrue();
  }

  /** The commit waits in a deferred trigger while the connection is cut. */
  private int lostAtCommit(boolean lives) throws Exception {
    theatre.sql(
        "create table if not exists public.gate (open boolean)",
        "create table if not exists public.slow (id int)",
        "truncate public.gate, public.slow",
        "create or replace function public.waiting() returns trigger language plpgsql as $$ begin"
            + " while not exists (select from public.gate) loop perform pg_catalog.pg_sleep(0.01);"
            + " end loop; return null; end $$",
        "drop trigger if exists t on public.slow",
        "create constraint trigger t after insert on public.slow deferrable initially deferred"
            + " for each row execute function public.waiting()");
    theatre.undo("U3__plays.sql", "drop table plays; insert into public.slow values (1);");
    try (Proxy proxy = Proxy.before(target)) {
      CompletableFuture<Cli.Result> run =
          CompletableFuture.supplyAsync(
              () ->
                  theatre
                      .cli(proxy.through(target))
                      .run("rollback-migration", "3", "--yes", "--no-backup", "--unproven"));
      try (Database watcher = theatre.open()) {
        String committing =
            "select coalesce(max(pid), 0) from pg_stat_activity where query = 'commit'"
                + " and state = 'active' and datname = current_database()";
        long pid =
            Await.first(
                "it commits",
                () -> Optional.of(watcher.number(committing)).filter(found -> found > 0),
                run);
        proxy.resetNow();
        if (lives) {
          watcher.execute("insert into public.gate values (true)");
        } else {
          watcher.number("select 1 from (select pg_terminate_backend(?::int)) x", pid);
        }
      }
      Cli.Result result = run.get();
      assertThat(result.err()).contains("asking the server what became of it");
      return result.status();
    }
  }

  @Test
  void killedAtAnyMomentTheNextRunSaysWhatIsThere() {
    for (String moment :
        List.of("rollback-backup", "rollback-exported", "rollback-before-commit")) {
      killedAt(moment, "3");
      assertThat(theatre.exists("plays")).as(moment).isTrue();
      assertThat(quick(0, "3").err())
          .as(moment)
          .containsAnyOf(
              "killed before anything was undone",
              "the server says that everything was rolled back");
      theatre.start("13.12.0");
    }

    killedAt("rollback-committed", "3");
    assertThat(theatre.exists("plays")).isFalse();
    assertThat(theatre.history()).contains("DELETE 3");
    assertThat(quick(0, "2").err())
        .contains("the server says that everything was undone and committed");
  }

  @Test
  void killedBetweenStepsTheNextRunSaysWhichWereDone() {
    theatre.script("V4__index.sql", "create index by_name on " + Theatre.SEATS + " (name);");
    theatre.undo("U4__index.sql", "drop index concurrently if exists by_name;\nselect 1;");
    theatre.start("13.12.0");
    killedAt("rollback-step", "4");
    assertThat(theatre.exists("by_name")).isFalse();
    assertThat(quick(0, "4").err()).contains("statement 1 of 2 of U4__index.sql, line 1");
  }

  private void killedAt(String moment, String migration) {
    ChildJvm.killed(
        moment,
        Main.class,
        here,
        theatre.environment(),
        "rollback-migration",
        migration,
        "--yes",
        "--no-backup");
  }
}
