package dev.belay.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Failure;
import dev.belay.diff.Pair;
import dev.belay.diff.Relations;
import dev.belay.diff.Triggers;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.Snapshot;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What was written between a backup and its restore. */
@Timeout(180)
class WritesSinceIT {
  @TempDir Path folder;
  private Shop shop;

  @BeforeEach
  void open() {
    shop = new Shop(folder);
  }

  @AfterEach
  void close() {
    assertThat(shop.databasesOfRuns()).isZero();
    shop.close();
  }

  /** Three new customers with an order each, one of them changed and one order removed. */
  private void write() {
    shop.sql(
        "with c as (insert into public.customers (email) values ('n1'), ('n2'), ('n3') returning id)"
            + " insert into public.orders (customer, note) select id, 'since' from c",
        "update public.customers set mood = 'sad' where id = 7",
        "delete from public.items where order_id = 9",
        "delete from public.orders where id = 9",
        "insert into %s values (6, 'since')".formatted(Shop.hostile()));
  }

  @Test
  void nothingThatWasWrittenIsSaidSoAndNobodyIsAskedAgain() {
    String backup = shop.backup();
    Cli.Result result = shop.expect(0, "backup-restore", backup, "--expect-writes", "--yes");
    assertThat(result.out()).doesNotContain("since the backup,").doesNotContain("left behind:");
    assertThat(result.out())
        .contains("to bring back what was written since the backup: belay reconcile-data ")
        .contains(backup)
        .contains(" --from replaced");
  }

  @Test
  void withoutAPersonItRefusesAndSaysHowManyRowsAndLeavesEverything() {
    String backup = shop.backup();
    write();
    String orders = shop.content("public.orders");

    Cli.Result refused = shop.expect(11, "backup-restore", backup, "--expect-writes", "--yes");

    assertThat(refused.err())
        .contains("3 new rows of public.customers")
        .contains("3 new rows of public.orders")
        .contains("what was changed in 1 row of public.customers")
        .contains("1 row of public.orders come back, which were removed since")
        .contains("2 rows of public.items")
        .contains("say what becomes of it: --carry-new-rows or --leave-writes");
    assertThat(shop.content("public.orders")).isEqualTo(orders);
    assertThat(shop.replaced()).isEmpty();
  }

  @Test
  void theyAreLeftWhenThatIsSaid() {
    String orders = shop.content("public.orders");
    String backup = shop.backup();
    write();

    Cli.Result result =
        shop.expect(0, "backup-restore", backup, "--expect-writes", "--leave-writes", "--yes");

    assertThat(result.out())
        .contains("left behind: 3 new rows of public.orders")
        .contains("public.customers: 3 added, 1 changed, 0 removed since the backup");
    assertThat(shop.content("public.orders")).isEqualTo(orders);
  }

  @Test
  void newRowsAreCarriedOverWithTheirSequences() {
    String backup = shop.backup();
    write();
    shop.sql("select nextval('public.orders_id_seq') from generate_series(1, 50)");

    Cli.Result result =
        shop.expect(0, "backup-restore", backup, "--carry-new-rows", "--output", "json", "--yes");

    JsonNode writes = Json.MAPPER.readTree(result.out()).path("result").path("writes");
    assertThat(writes.path("carried").asInt()).isEqualTo(7);
    assertThat(writes.path("unknown").isEmpty()).as(result.out()).isTrue();
    assertThat(writes.path("leftBehind").size()).isEqualTo(3);
    assertThat(shop.number("select count(*) from public.orders where note = 'since'")).isEqualTo(3);
    // What was removed since is there again, what was changed is as it was.
    assertThat(shop.number("select count(*) from public.orders")).isEqualTo(Shop.ORDERS + 3);
    assertThat(shop.text("select mood::text from public.customers where id = 7")).isEqualTo("ok");
    assertThat(shop.number("select count(*) from " + Shop.hostile())).isEqualTo(6);
    assertThat(shop.number("select nextval('public.orders_id_seq')"))
        .isEqualTo(Shop.ORDERS + 3 + 50 + 1);
    shop.sql("insert into public.customers (email) values ('the next')");
  }

  @ParameterizedTest
  @CsvSource({"y y, true", "y n y, false"})
  void aPersonIsAskedWithThemOrWithout(String answers, boolean carried) {
    String backup = shop.backup();
    write();

    Cli.Result result =
        shop.cli()
            .answering(answers.split(" "))
            .expect(0, "backup-restore", backup, "--expect-writes");

    assertThat(result.err())
        .contains("with the rows written since")
        .contains("carry over 7 rows that only ");
    assertThat(shop.number("select count(*) from public.orders where note = 'since'"))
        .isEqualTo(carried ? 3 : 0);
  }

  @Test
  void everySwapThatKeepsWhatWasLiveNamesTheCommandThatBringsTheRestBack() {
    String backup = shop.backup("--level", "readable");
    assertThat(shop.expect(0, "emergency-rollback", "--yes").out())
        .contains("belay reconcile-data ")
        .contains(backup)
        .contains(" --from replaced");
    String undone = shop.expect(0, "undo-restore", "--yes").out();
    assertThat(undone)
        .contains("to bring back what was written to it: belay reconcile-data ")
        .contains(backup)
        .contains(" --from '" + shop.replaced().get(0).replace("'", "'\\''") + "'");
  }

  @Test
  void aPersonMayThinkBetterOfIt() {
    String backup = shop.backup();
    write();
    Cli.Result result =
        shop.cli().answering("y", "n", "n").expect(11, "backup-restore", backup, "--expect-writes");
    assertThat(result.err()).contains("WITHOUT the rows written since");
    assertThat(shop.number("select count(*) from public.orders where note = 'since'")).isEqualTo(3);
    assertThat(shop.replaced()).isEmpty();
  }

  @Test
  void rowsThatDoNotFitKeepTheSwapFromBeingDoneUnlessTheyAreLeft() {
    String backup = shop.backup();
    // The backup has that address under another number.
    shop.sql(
        "update public.customers set email = 'moved' where id = 3",
        "insert into public.customers (email) values ('c3')");

    Cli.Result refused = shop.expect(11, "backup-restore", backup, "--carry-new-rows", "--yes");
    assertThat(refused.err())
        .contains("the new rows cannot be carried over")
        .contains("customers_email_key")
        .contains("--leave-writes");
    assertThat(shop.replaced()).isEmpty();

    Cli.Result done =
        shop.expect(0, "backup-restore", backup, "--carry-new-rows", "--leave-writes", "--yes");
    assertThat(done.out()).contains("left behind: 1 new row of public.customers");
    assertThat(shop.number("select count(*) from public.customers")).isEqualTo(Shop.CUSTOMERS);
  }

  @Test
  void whatTheBackupHasNoPlaceForIsSaid() {
    String backup = shop.backup();
    shop.sql(
        "alter table public.orders add column urgent boolean",
        "insert into public.orders (customer, note, urgent) values (1, 'since', true)",
        "create table public.later as select n from generate_series(1, 4) n");

    Cli.Result refused = shop.expect(11, "backup-restore", backup, "--carry-new-rows", "--yes");
    assertThat(refused.err())
        .contains("1 new row of public.orders lose what is in urgent")
        .contains("public.later with 4 rows, since the backup does not have the table")
        .contains("say what becomes of it: --leave-writes");

    Cli.Result done =
        shop.expect(0, "backup-restore", backup, "--carry-new-rows", "--leave-writes", "--yes");
    assertThat(done.out()).contains("left behind: public.later with 4 rows");
    assertThat(shop.number("select count(*) from public.orders where note = 'since'")).isEqualTo(1);
  }

  @Test
  void theHistoryOfFlywayIsNeverCarriedOver() {
    String history =
        "(installed_rank int primary key, version text, description text, type text, script text,"
            + " checksum int, installed_by text, installed_on timestamp default now(),"
            + " execution_time int, success boolean)";
    shop.sql(
        "create table public.flyway_schema_history " + history,
        "insert into public.flyway_schema_history values"
            + " (1, '1', 'a', 'SQL', 'V1__a.sql', 1, 'x', now(), 1, true)");
    String backup = shop.backup();
    shop.sql(
        "insert into public.flyway_schema_history values"
            + " (2, '2', 'ruin', 'SQL', 'V2__ruin.sql', 1, 'x', now(), 1, true)",
        "insert into public.log values (now(), 'since')");

    shop.expect(0, "backup-restore", backup, "--carry-new-rows", "--yes");

    assertThat(shop.number("select count(*) from public.flyway_schema_history")).isEqualTo(1);
    assertThat(shop.number("select count(*) from public.log where text = 'since'")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "writes-compared",
        "carry-begun",
        "carry-done",
        "latecomers-begun",
        "latecomers-carried",
        "swap-renaming"
      })
  void killedBeforeTheSwapTheLiveDatabaseIsAsItWasAndTheSameCommandDoesIt(String moment) {
    String backup = shop.backup();
    write();
    String orders = shop.content("public.orders");
    String[] command = {"backup-restore", backup, "--carry-new-rows", "--yes"};

    shop.program().killedAt(moment, command);
    Cli.Result next = shop.expect(0, "create-backup", "--level", "listed");

    assertThat(next.err()).contains("was killed at the step '").contains("of a dead run: dropped");
    assertThat(shop.content("public.orders")).isEqualTo(orders);
    assertThat(shop.databasesOfRuns()).isZero();
    shop.expect(0, command);
    assertThat(shop.number("select count(*) from public.orders where note = 'since'")).isEqualTo(3);
  }

  @Test
  void everyRowThatWasAcknowledgedIsLiveAfterwardsOrCounted() throws InterruptedException {
    shop.sql(
        "create table public.written (id bigint primary key, note text)",
        "create table public.hits (id bigint, note text)");
    Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(4);
    List<Thread> clients = new ArrayList<>();
    String backup = shop.backup();
    for (int number = 0; number < 4; number++) {
      int first = number;
      clients.add(new Thread(() -> writing(first, acknowledged, over, begun), "client-" + number));
    }
    Cli.Result result;
    Set<Long> before;
    try {
      clients.forEach(Thread::start);
      begun.await();
      result =
          shop.expect(0, "backup-restore", backup, "--carry-new-rows", "--output", "json", "--yes");
      before = new TreeSet<>(acknowledged);
    } finally {
      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
    JsonNode report = Json.MAPPER.readTree(result.out()).path("result");
    Set<Long> live = ids(shop.live.database());
    Set<Long> lacking = new TreeSet<>(before);
    lacking.removeAll(live);
    assertThat(report.path("writes").path("unknown").isEmpty()).as(result.out()).isTrue();
    // On a machine that is busy there may be no time left in the window: then they are counted.
    Matcher left =
        Pattern.compile("public\\.written: (?:at most )?([0-9,]+) rows? written in the last moment")
            .matcher(report.path("writes").path("leftBehind").toString());
    long counted = left.find() ? Long.parseLong(left.group(1).replace(",", "")) : 0;
    assertThat((long) lacking.size()).as(result.out()).isBetween(Math.max(0, counted - 4), counted);
    assertThat(report.path("writes").path("carried").asLong()).isGreaterThan(8);
    // Neither doubled nor lost, without a key too.
    assertThat(shop.number("select count(*) - count(distinct id) from public.hits")).isZero();
    assertThat(
            shop.number(
                "select count(*) from public.written w full join public.hits h using (id)"
                    + " where w.id is null or h.id is null"))
        .isZero();
  }

  /**
   * Writes in transactions, some of them with savepoints, and opens a session anew when cut off.
   */
  private void writing(
      int first, Set<Long> acknowledged, AtomicBoolean over, CountDownLatch begun) {
    long id = first;
    boolean told = false;
    while (!over.get()) {
      try (Database session = shop.open()) {
        while (!over.get()) {
          long now = id;
          session.inTransaction(
              () -> {
                session.execute("insert into public.written values (?, 'x')", now);
                session.execute("savepoint one");
                session.execute("insert into public.hits values (?, 'x')", now);
                session.execute("release savepoint one");
                return now;
              });
          acknowledged.add(id);
          id += 4;
          if (!told && id > 40) {
            told = true;
            begun.countDown();
          }
        }
      } catch (Failure ended) {
        // It may or may not be there, and its number is not used again.
        id += 4;
      }
    }
  }

  private Set<Long> ids(String database) {
    try (Database session = shop.open(database)) {
      return new TreeSet<>(session.list("select id from public.written", row -> row.getLong(1)));
    }
  }

  @Test
  void whatCannotBeLookedAtInTimeIsSaidAndNeverTakenForNothing() {
    shop.backup();
    Latecomers latecomers = latecomers(Duration.ZERO);
    try {
      assertThat(latecomers.open()).hasSize(2);
      latecomers.look();
    } finally {
      latecomers.close();
    }
    assertThat(latecomers.outcome().unseen())
        .hasValue("looking for it would have kept everybody waiting for more than 0 ms");
    assertThat(latecomers.outcome().carried()).isZero();
  }

  @Test
  void aTableThatIsMadeWhileOthersAreCarriedOverIsSaid() {
    Moment.Taken taken = Moment.take(new JdbcDatabases("moment"), shop.live);
    try (Snapshot held = taken.snapshot()) {
      assertThat(held.id()).isNotEmpty();
      shop.sql("create table public.\"made Ü\" as select n from generate_series(1, 3) n");
      try (Database session = shop.open()) {
        assertThat(taken.moment().madeSince(session))
            .containsExactly("public.made Ü, which was made meanwhile");
      }
    }
  }

  @Test
  void whatThereWasNoTimeForIsCountedAfterwards() {
    shop.sql("insert into public.log values (now(), 'before')");
    Moment.Taken taken = Moment.take(new JdbcDatabases("moment"), shop.live);
    taken.snapshot().close();
    shop.sql(
        "insert into public.log select now(), 'since' from generate_series(1, 7)",
        "update public.orders set note = 'since' where id <= 3");
    try (Database session = shop.open()) {
      List<Pair> pairs =
          Relations.of(session).stream().map(relation -> Pair.of(relation, relation)).toList();
      Latecomers latecomers =
          new Latecomers(
              BackupRestoreIT.run(shop.live, folder),
              shop.live,
              pairs,
              taken.moment(),
              Duration.ZERO);
      latecomers.count(session);
      assertThat(latecomers.outcome().leftRows()).isEqualTo(10);
      assertThat(latecomers.outcome().left())
          .containsExactly(
              "public.log: at most 7 rows written in the last moment, for which there was no time",
              "public.orders: at most 3 rows written in the last moment, for which there was no time");
      assertThat(latecomers.outcome().unseen()).isEmpty();
    }
  }

  @Test
  void aDeferrableConstraintDoesNotKeepLateRowsOut() {
    shop.sql("create table public.late (id int primary key, place int unique deferrable)");
    Moment.Taken taken = Moment.take(new JdbcDatabases("moment"), shop.live);
    taken.snapshot().close();
    shop.sql("insert into public.late values (1, 1), (2, 2)");
    try (Database reading = shop.open();
        Database writing = shop.open()) {
      Pair pair =
          Relations.of(reading).stream()
              .filter(relation -> relation.name().table().equals("late"))
              .map(relation -> Pair.of(relation, relation))
              .findFirst()
              .orElseThrow();
      LatecomerQueries.prepare(writing, pair, 0);
      long next = LatecomerQueries.next(reading);
      assertThat(LatecomerQueries.stage(reading, writing, pair, 0, taken.moment(), next))
          .isEqualTo(2);
      writing.execute("delete from public.late where id = 2");
      assertThat(LatecomerQueries.add(writing, List.of(pair), List.of(0))).containsExactly(1L);
    }
  }

  @Test
  void triggersOfPartitionsAreOffMeanwhileAndThenAsTheyWere() {
    shop.sql(
        "create table public.parts (id int) partition by range (id)",
        "create table public.part_1 partition of public.parts for values from (1) to (9)",
        "create function public.refuse() returns trigger language plpgsql as"
            + " $$ begin raise exception 'it fires'; end $$",
        "create trigger of_all before insert on public.parts for each row"
            + " execute function public.refuse()",
        "create trigger of_one before insert on public.part_1 for each row"
            + " execute function public.refuse()",
        "alter table public.part_1 enable always trigger of_one",
        "alter table only public.part_1 disable trigger of_all");
    String states =
        "select string_agg(tgrelid::regclass || '.' || tgname || ' ' || tgenabled::text, ', '"
            + " order by tgrelid::regclass::text, tgname) from pg_trigger"
            + " where tgrelid in ('public.parts'::regclass, 'public.part_1'::regclass)";
    String before = shop.text(states);
    try (Database session = shop.open()) {
      long table = session.number("select 'public.parts'::regclass::oid::int8");
      session.inTransaction(
          () ->
              Triggers.without(
                  session,
                  List.of(table),
                  () -> session.execute("insert into public.parts values (1)")));
    }
    assertThat(shop.text(states)).isEqualTo(before);
    assertThat(shop.number("select count(*) from public.parts")).isEqualTo(1);
  }

  @Test
  void nothingIsNotSaidWhenRowsWereCarriedOrLeft() {
    assertThat(new WritesReport(List.of(), 1, List.of(), List.of()).lines())
        .noneMatch(line -> line.startsWith("nothing"))
        .contains(WritesReport.NEVER_SEEN);
    assertThat(new WritesReport(List.of(), 0, List.of("a table"), List.of()).lines())
        .noneMatch(line -> line.startsWith("nothing"));
  }

  private Latecomers latecomers(Duration longest) {
    GuardedRun run = BackupRestoreIT.run(shop.live, folder);
    return new Latecomers(
        run, shop.live, List.of(), new Moment(1, "1:1:", Optional.empty(), Set.of()), longest);
  }
}
