package dev.belay.migrate;

import static dev.belay.migrate.Orchard.TREES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations while others hold locks, wait for them, or write all the time. */
class MigrateLocksIT {
  private static final String[] QUICK = {"--yes", "--no-backup", "--no-monitor"};

  @TempDir Path here;
  private Orchard orchard;

  @BeforeEach
  void plant() {
    orchard = new Orchard(here).planted(2_000);
  }

  @AfterEach
  void drop() {
    orchard.close();
  }

  private Cli.Result quick(int status, String... arguments) {
    List<String> all = new ArrayList<>(List.of(QUICK));
    all.addAll(List.of(arguments));
    return orchard.run(status, all.toArray(String[]::new));
  }

  private void awaitWaiting(boolean waits) {
    try (Database session = orchard.open()) {
      TestServer.await(
          session,
          "select exists (select from pg_stat_activity where wait_event_type = 'Lock'"
              + " and application_name like 'belay:%:flyway'"
              + " and datname = current_database()) = ?",
          waits);
    }
  }

  @Test
  void whoIsInTheWayIsNamedAndTheMigrationTriedAgainUntilTheLockIsGiven() {
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    Cli.Result result;
    try (Database reader = orchard.open()) {
      CompletableFuture<Cli.Result> running;
      reader.execute("begin");
      reader.execute("select * from " + TREES + " limit 1");
      running = CompletableFuture.supplyAsync(() -> quick(0));
      awaitWaiting(true);
      // Its lock timeout is over, so it is between two tries.
      awaitWaiting(false);
      reader.execute("commit");
      result = running.join();
    }
    assertThat(result.err()).contains("tried again (try 2 of 12)", "orchard-test");
    assertThat(result.out()).contains("since a lock was not given");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
  }

  @Test
  void aLockThatIsNeverGivenEndsItWithTheNameOfTheHolder() {
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    try (Database reader = orchard.open()) {
      reader.execute("begin");
      reader.execute("select * from " + TREES + " limit 1");
      Cli.Result result = quick(13, "--lock-tries", "2");
      assertThat(result.err())
          .contains("a lock was not given in 2 tries", "orchard-test", "pg_terminate_backend(")
          .contains("nothing was applied; the database is as before");
      reader.execute("rollback");
    }
    assertThat(orchard.history()).containsExactly("SQL 1");
  }

  @Test
  void withoutDowntimeWhatTakesLongUnderLocksIsRefusedWithWhatToWriteInstead() {
    orchard.sql(
        "insert into "
            + TREES
            + " select g, g || repeat('x', 400) from generate_series(10001, 40000) g");
    orchard.script("V2__index.sql", "create index trees_name on " + TREES + " (name);");
    orchard.script(
        "V3__check.sql", "alter table " + TREES + " add constraint named check (name <> '');");
    orchard.script("V4__type.sql", "alter table " + TREES + " alter id type numeric;");

    Cli.Result refused = quick(11, "--zero-downtime", "--max-lock", "10ms");

    assertThat(refused.err())
        .contains("V2__index keeps others waiting", "CREATE INDEX CONCURRENTLY")
        .contains("V3__check keeps others waiting", "NOT VALID")
        .contains("V4__type keeps others waiting", "add a new column");
    assertThat(orchard.history()).containsExactly("SQL 1");
  }

  @Test
  void withoutDowntimeAnApplicationThatWritesAllTheTimeLosesNoStatement() {
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    orchard.undo("U2__height.sql", "alter table " + TREES + " drop height;");
    orchard.script(
        "V3__index.sql", "create index concurrently trees_name on " + TREES + " (name);");
    orchard.script(
        "V4__check.sql",
        "alter table " + TREES + " add constraint named check (name is not null) not valid;");
    orchard.script("V5__valid.sql", "alter table %1$s validate constraint named;".formatted(TREES));
    orchard.script("V6__notnull.sql", "alter table %1$s alter name set not null;".formatted(TREES));
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong written = new AtomicLong();
    AtomicLong slowest = new AtomicLong();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int each = 0; each < 3; each++) {
      long first = 1_000_000L * (each + 1);
      // A thread for each: the common pool has fewer on a machine of few processors.
      writers.add(
          CompletableFuture.runAsync(
              () -> write(first, over, written, slowest), task -> new Thread(task).start()));
    }
    Cli.Result result;
    try {
      try (Database session = orchard.open()) {
        TestServer.await(session, "select count(*) > 100 from " + TREES + " where id >= 1000000");
      }
      result = quick(0, "--zero-downtime", "--watch", "1s");
    } finally {
      over.set(true);
      writers.forEach(CompletableFuture::join);
    }
    assertThat(result.out()).contains("V6__notnull", "watched");
    assertThat(orchard.number("select count(*) from " + TREES + " where id >= 1000000"))
        .isEqualTo(written.get());
    // What waits for a lock waits for one try at most, and for the statement that follows.
    assertThat(slowest.get()).isLessThan(5_000);
  }

  private void write(long first, AtomicBoolean over, AtomicLong written, AtomicLong slowest) {
    try (Database session = orchard.open()) {
      for (long id = first; !over.get(); id++) {
        long begun = System.nanoTime();
        session.execute("insert into " + TREES + " (id, name) values (?, ?)", id, "new");
        written.incrementAndGet();
        slowest.accumulateAndGet((System.nanoTime() - begun) / 1_000_000, Math::max);
      }
    }
  }

  @Test
  void aMigrationThatKeepsOthersWaitingForTooLongIsCancelledAndNothingStays() {
    orchard.script(
        "V2__slow.sql",
        "alter table %1$s add height int;\nselect pg_sleep(30) from %1$s limit 1;"
            .formatted(TREES));
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> write(1_000_000, over, new AtomicLong(), new AtomicLong()));
    Cli.Result result;
    try {
      result =
          quick(13, "--zero-downtime", "--max-lock", "200ms", "--lock-tries", "2", "--watch", "0s");
    } finally {
      over.set(true);
      writer.join();
    }
    assertThat(result.err()).contains("it was cancelled, since it kept pid", "--max-lock 200 ms");
    assertThat(orchard.history()).containsExactly("SQL 1");
  }

  @Test
  void aMigrationOutsideATransactionThatIsCutByItsOwnLimitIsNotSaidToBeCancelled() {
    orchard.script("V2__slow.sql.conf", "executeInTransaction=false");
    orchard.script(
        "V2__slow.sql",
        ("set statement_timeout = '3s';\ndo $$ begin lock table %1$s in share mode;"
                + " perform pg_sleep(30) from %1$s limit 1; end $$;")
            .formatted(TREES));
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> write(1_000_000, over, new AtomicLong(), new AtomicLong()));
    Cli.Result result;
    try {
      result = quick(20, "--zero-downtime", "--max-lock", "200ms", "--lock-tries", "2");
    } finally {
      over.set(true);
      writer.join();
    }
    assertThat(result.err())
        .contains("it is not cancelled, since what it did until now would stay half done")
        .contains("statement timeout")
        .doesNotContain("it was cancelled");
  }

  /** A value comes into an empty column while the migration waits for the lock that it needs. */
  private Cli.Result writtenMeanwhile(int status, String... arguments) {
    orchard.sql("update " + TREES + " set name = null");
    orchard.script("V2__name.sql", "alter table " + TREES + " drop column name;");
    try (Database writer = orchard.open()) {
      writer.execute("begin");
      writer.execute("update " + TREES + " set name = 'apple' where id <= 3");
      CompletableFuture<Cli.Result> running =
          CompletableFuture.supplyAsync(() -> quick(status, arguments));
      awaitWaiting(true);
      writer.execute("commit");
      return running.join();
    }
  }

  @Test
  void whatIsWrittenToAnEmptyColumnMeanwhileIsNotLostUnannounced() {
    Cli.Result refused = writtenMeanwhile(11);
    assertThat(refused.err())
        .contains("more would be lost by now than was accepted", "3 values", "--accept-loss 3");
    assertThat(orchard.history()).containsExactly("SQL 1");
    assertThat(orchard.number("select count(name) from " + TREES)).isEqualTo(3);
  }

  @Test
  void whatIsWrittenMeanwhileAndMayGoIsExportedFirst() {
    writtenMeanwhile(0, "--accept-loss", "3");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
    assertThat(orchard.files("data_exports", ".json")).hasSize(1);
  }

  @Test
  void withoutExportsItIsCountedToo() {
    assertThat(writtenMeanwhile(11, "--no-export", "--accept-loss", "2").err())
        .contains("--accept-loss 3");
    assertThat(orchard.history()).containsExactly("SQL 1");
  }

  @Test
  void whatIsRefusedOutsideATransactionIsNotOnRecordAsBegun() {
    orchard.sql("update " + TREES + " set name = null");
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    orchard.script("V3__name.sql.conf", "executeInTransaction=false");
    orchard.script("V3__name.sql", "alter table " + TREES + " drop column name;");
    try (Database writer = orchard.open()) {
      writer.execute("begin");
      writer.execute("update " + TREES + " set name = 'apple' where id <= 3");
      CompletableFuture<Cli.Result> running =
          CompletableFuture.supplyAsync(() -> quick(20, "--on-failure", "stop"));
      awaitWaiting(true);
      writer.execute("commit");
      assertThat(running.join().err()).contains("more would be lost by now than was accepted");
    }
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");

    Cli.Result next =
        orchard.cli().run("emergency-recovery", "--dry-run", "--no-backup", "--no-export");

    assertThat(next.out()).contains("belay migrate fruit").doesNotContain("find out how far");
  }

  @Test
  void aMigrationThatCatchesTheCancelIsCancelledAgain() {
    orchard.script(
        "V2__slow.sql",
        ("alter table %1$s add height int;\ndo $$ begin perform pg_sleep(20) from %1$s limit 1;"
                + " exception when query_canceled then null; end $$;\n"
                + "select pg_sleep(20) from %1$s limit 1;")
            .formatted(TREES));
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> write(1_000_000, over, new AtomicLong(), new AtomicLong()));
    try {
      String[] told = {"--zero-downtime", "--max-lock", "300ms", "--lock-tries", "1"};
      assertThat(quick(13, told).err()).contains("it was cancelled, since it kept pid");
    } finally {
      over.set(true);
      writer.join();
    }
    assertThat(orchard.history()).containsExactly("SQL 1");
  }

  @Test
  void aScriptThatIsChangedWhileItWaitsIsNotApplied() {
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    orchard.script("V3__width.sql", "alter table " + TREES + " add width int;");
    Cli.Result result;
    try (Database reader = orchard.open()) {
      reader.execute("begin");
      reader.execute("select * from " + TREES + " limit 1");
      CompletableFuture<Cli.Result> running =
          CompletableFuture.supplyAsync(() -> quick(11, "--lock-tries", "50"));
      awaitWaiting(true);
      orchard.script("V2__height.sql", "alter table " + TREES + " drop column name;");
      reader.execute("select pg_sleep(1)");
      reader.execute("commit");
      result = running.join();
    }
    assertThat(result.err()).contains("it was changed after the plan was made");
    assertThat(orchard.history()).containsExactly("SQL 1");
  }

  @Test
  void whatAnotherFlywayAppliedMeanwhileIsNotTakenBack() {
    orchard.sql("create table public.queue (id int)");
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    orchard.undo("U2__height.sql", "alter table " + TREES + " drop height;");
    Cli.Result result;
    try (Database holder = orchard.open()) {
      CompletableFuture<Cli.Result> running =
          CompletableFuture.supplyAsync(() -> quick(20, "--watch", "60s"));
      TestServer.await(
          holder, "select exists (select from " + Orchard.HISTORY + " where version = '2')");
      holder.execute(
          "insert into "
              + Orchard.HISTORY
              + " select installed_rank + 1, '3', 'other', type, 'V3__other.sql', 1, installed_by,"
              + " now(), 1, true from "
              + Orchard.HISTORY
              + " where version = '2'");
      holder.execute("begin");
      holder.execute("lock table public.queue");
      CompletableFuture<Void> waiter =
          CompletableFuture.runAsync(() -> orchard.sql("insert into public.queue values (1)"));
      result = running.join();
      holder.execute("rollback");
      waiter.join();
    }
    assertThat(result.err())
        .contains("session waits for a lock", "another Flyway applied meanwhile: V3__other.sql");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2", "SQL 3");
  }
}
