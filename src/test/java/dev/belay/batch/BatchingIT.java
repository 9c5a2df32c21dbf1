package dev.belay.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BatchingIT {
  private static final String COUNTED =
      """
      -- belay:batch table=public.visit key=id
      update visit set n = n + 1 where /* belay:range */ true
      """;

  @TempDir Path folder;
  private final BatchLab lab = new BatchLab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void visits(int rows) {
    lab.sql(
        "create table public.visit (id bigint primary key, n int not null default 0, note text)",
        "insert into public.visit select i * 3, 0, 'x' from generate_series(1, " + rows + ") i",
        "analyze public.visit");
  }

  private BatchProgress progress() {
    return BatchRuns.progress(lab.session, 1).get(0);
  }

  @Test
  void everyRowIsDoneOnce() {
    visits(1050);

    assertThat(lab.run(COUNTED, BatchLab.HUNDRED)).isTrue();

    assertThat(lab.number("select count(*) from public.visit where n = 1")).isEqualTo(1050);
    assertThat(progress().finished()).isTrue();
    assertThat(progress().rowsDone()).isEqualTo(1050);
    assertThat(progress().keysDone()).isEqualTo(1050);
    assertThat(progress().batchesDone()).isEqualTo(11);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id text collate \"C\" primary key | md5(i::text)",
        "id text primary key | chr(200 + i % 50) || ' \"; drop' || i",
        "id varchar(40) primary key | md5(i::text)",
        "id char(40) primary key | md5(i::text)",
        "id uuid primary key | md5(i::text)::uuid",
        "id numeric primary key | i / 7.0",
        "id float8 primary key | i / 7.0::float8",
        "id timestamptz primary key | '2024-01-01'::timestamptz + i * interval '1.000001 s'",
        "id timestamp(3) primary key | '2024-01-01'::timestamp + i * interval '1 s'",
        "id bytea primary key | decode(md5(i::text), 'hex')",
        "id inet primary key | '10.0.0.0'::inet + i",
        "id oid primary key | i::oid",
        "id interval primary key | i * interval '1 s'",
        "id bool not null, b int, primary key (id, b) | i % 2 = 0, i",
      })
  void keysOfEveryTypeCutTheTableIntoWholeRanges(String shape) {
    String[] parts = shape.split(" \\| ", -1);
    boolean two = parts[0].contains(", b");
    lab.sql(
        "create table public.visit (" + parts[0] + ", n int not null default 0)",
        "insert into public.visit select " + parts[1] + ", 0 from generate_series(1, 530) i");

    lab.run(two ? COUNTED.replace("key=id", "key=id,b") : COUNTED, BatchLab.HUNDRED);

    assertThat(lab.number("select count(*) from public.visit where n = 1")).isEqualTo(530);
  }

  @Test
  void hostileNamesAreOnlyNames() {
    lab.sql(
        "create schema \"a b\"",
        "create table \"a b\".\"c,d\"\"; drop\" (\"Ü?\" int, \"x'y\" text, n int not null default 0,"
            + " primary key (\"x'y\", \"Ü?\"))",
        "insert into \"a b\".\"c,d\"\"; drop\" select i, i % 5, 0 from generate_series(1, 333) i");

    lab.run(
        """
        -- belay:batch table="a b"."c,d""; drop" key="x'y","Ü?" alias="V 1"
        update "a b"."c,d""; drop" "V 1" set n = n + 1 where /* belay:range */ true
        """,
        BatchLab.HUNDRED);

    assertThat(lab.number("select count(*) from \"a b\".\"c,d\"\"; drop\" where n = 1"))
        .isEqualTo(333);
  }

  @Test
  void rowsAreRemovedAndCopiedInBatchesToo() {
    visits(450);
    lab.sql("create table public.copy (id bigint, tag jsonb default '{\"a\": 1}')");

    lab.run(
        """
        -- belay:batch table=public.visit key=id alias=v
        insert into copy (id) select v.id from visit v where /* belay:range */ true;

        -- belay:batch table=public.visit key=id
        delete from visit where /* belay:range */ true
           and exists (select from copy c where c.id = visit.id and c.tag ? 'a');
        """,
        BatchLab.HUNDRED);

    assertThat(lab.number("select count(distinct id) from public.copy")).isEqualTo(450);
    assertThat(lab.number("select count(*) from public.copy")).isEqualTo(450);
    assertThat(lab.number("select count(*) from public.visit")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"batch-before-commit", "batch-committed"})
  void oneThatIsKilledGoesOnExactlyOnce(String point) {
    visits(530);
    for (int kill = 1; kill <= 3; kill++) {
      assertThat(child(point).status()).isEqualTo(137);
    }

    ChildJvm.Result last = child("");

    assertThat(last.status()).as(last.output()).isZero();
    assertThat(lab.number("select count(*) from public.visit where n = 1")).isEqualTo(530);
    assertThat(progress().rowsDone()).isEqualTo(530);
  }

  private ChildJvm.Result child(String point) {
    return ChildJvm.run(
        point,
        BatchProgram.class,
        folder,
        Map.of("JAVA_TOOL_OPTIONS", "-Xmx128m"),
        BatchProgram.arguments(lab.target, COUNTED));
  }

  @Test
  void aStatementThatFailsLeavesTheBatchesBeforeIt() {
    visits(3000);
    lab.sql("update public.visit set note = null where id = 1650 * 3");
    String script =
        """
        -- belay:batch table=public.visit key=id
        update visit set n = 1 / length(coalesce(note, '')) where /* belay:range */ true
        """;

    assertThatThrownBy(() -> lab.run(script, BatchLab.HUNDRED))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED))
        .hasMessageContaining("U4__x.sql, line 2: batch 17: division by zero");

    assertThat(lab.number("select count(*) from public.visit where n = 1")).isEqualTo(1600);
    assertThat(progress().batchesDone()).isEqualTo(16);
    lab.sql("update public.visit set note = 'x' where note is null");
    lab.run(script, BatchLab.HUNDRED);
    assertThat(progress().rowsDone()).isEqualTo(3000);
  }

  @Test
  void aRowThatComesBehindTheCheckpointIsCaughtWhereTheStatementMayBeRepeated() {
    visits(300);
    lab.sql(
        "create function public.late() returns trigger language plpgsql as $$begin"
            + " if new.id = 600 then insert into public.visit values (1, 0, 'late'); end if;"
            + " return new; end$$",
        "create trigger late before update on public.visit for each row"
            + " execute function public.late()");

    lab.run(
        """
        -- belay:batch table=public.visit key=id repeatable=yes
        update visit set n = n + 1 where /* belay:range */ true and n = 0
        """,
        BatchLab.HUNDRED);

    assertThat(lab.number("select count(*) from public.visit where n = 1")).isEqualTo(301);
    assertThat(progress().pass()).isEqualTo(3);
  }

  @Test
  void aStatementThatIsNotRepeatableIsFoundOutByItsFirstBatch() {
    visits(300);

    assertThatThrownBy(
            () -> lab.run(COUNTED.replace("key=id", "key=id repeatable=yes"), BatchLab.HUNDRED))
        .hasMessageContaining("run twice on the same 100 rows it changes 100 rows again");

    assertThat(lab.number("select sum(n) from public.visit")).isZero();
  }

  @Test
  void aTableWithoutSuchAKeyIsRefusedWithOneThatWouldDo() {
    lab.sql(
        "create table public.visit (id int not null, n int, \"B c\" uuid not null)",
        "create unique index on public.visit (n)",
        "create unique index on public.visit (id) where id > 5",
        "create unique index on public.visit (lower(id::text))",
        "create unique index on public.visit (id desc)");

    assertThatThrownBy(() -> lab.run(COUNTED, BatchLab.HUNDRED))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
              assertThat(failure.hint()).contains("make one");
            });
    lab.sql("create unique index on public.visit (\"B c\", id)");
    assertThatThrownBy(() -> lab.run(COUNTED, BatchLab.HUNDRED))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.hint()).isEqualTo("use key=\"B c\",id in that line"));
    assertThatThrownBy(
            () -> lab.run(COUNTED.replace("public.visit", "public.nothing"), BatchLab.HUNDRED))
        .hasMessageContaining("there is no table public.nothing");
  }

  @Test
  void aTableThatIsEmptyIsDoneAtOnce() {
    visits(0);

    assertThat(lab.run(COUNTED, BatchLab.HUNDRED)).isTrue();

    assertThat(progress().finished()).isTrue();
  }

  @Test
  void aTableThatIsEmptiedMeanwhileIsDone() {
    visits(1000);
    long run = lab.begin(COUNTED);
    lab.sql("truncate public.visit");

    assertThat(lab.run(run, COUNTED, BatchLab.HUNDRED, ThrottleLimits.usual())).isTrue();
  }

  @Test
  void aKeyThatIsDroppedMeanwhileIsToldBeforeTheNextBatch() {
    visits(1000);
    lab.begin(COUNTED);
    lab.sql("alter table public.visit drop constraint visit_pkey");

    assertThatThrownBy(() -> lab.run(COUNTED, BatchLab.HUNDRED))
        .hasMessageContaining("has no unique and valid index");
  }

  @Test
  void aLockedRowIsWaitedForAndThenDone() {
    visits(300);
    try (Database other = new JdbcDatabases("somebody").open(lab.target)) {
      other.execute("begin");
      other.execute("update public.visit set note = 'locked' where id = 450");
      long run = lab.begin(COUNTED);
      CompletableFuture<Boolean> batches =
          CompletableFuture.supplyAsync(
              () -> lab.run(run, COUNTED, BatchLab.HUNDRED, ThrottleLimits.usual()));
      Await.until("the second batch waits for the row", this::somebodyWaits, batches);
      assertThat(progress().batchesDone()).isOne();
      other.execute("commit");
      assertThat(batches.join()).isTrue();
    }
    assertThat(lab.number("select count(*) from public.visit where n = 1")).isEqualTo(300);
  }

  private boolean somebodyWaits() {
    return lab.session.test(
        "select exists (select from pg_stat_activity"
            + " where wait_event_type = 'Lock' and datname = current_database())");
  }

  @Test
  void somebodyMayPauseLetItGoOnAndEndIt() {
    visits(5000);
    long run = lab.begin(COUNTED);
    lab.sql("update belay.batch_run set state = 'paused', reason = 'Ann'");
    BatchPace slow = new BatchPace(Optional.of(100), Duration.ofMillis(20));
    CompletableFuture<Boolean> batches =
        CompletableFuture.supplyAsync(() -> lab.run(run, COUNTED, slow, ThrottleLimits.usual()));
    Await.until(
        "it works on the run",
        () -> lab.session.test("select seen_at is not null from belay.batch_run"),
        batches);
    assertThat(progress().batchesDone()).isZero();

    lab.sql("update belay.batch_run set state = 'running'");
    Await.until("three batches are done", () -> progress().batchesDone() >= 3, batches);
    lab.sql("update belay.batch_run set state = 'aborting'");

    assertThat(batches.join()).isFalse();
    assertThat(progress().finished()).isFalse();
    assertThat(lab.number("select sum(n) from public.visit")).isEqualTo(progress().rowsDone());
  }

  @Test
  void theOperatorsFileAndQueryStopItForAsLongAsTheySaySo() throws IOException {
    visits(200);
    Path file = Files.createFile(folder.resolve("pause here"));
    lab.sql("create table public.stop as select true as yes");
    long run = lab.begin(COUNTED);
    ThrottleLimits limits =
        new ThrottleLimits(
            Optional.empty(),
            Optional.of(1000),
            ThrottleLimits.ARCHIVE,
            Optional.of("select yes from public.stop"),
            Optional.of(file));
    CompletableFuture<Boolean> batches =
        CompletableFuture.supplyAsync(() -> lab.run(run, COUNTED, BatchLab.HUNDRED, limits));

    awaitReason("the file " + file + " is there");
    Files.delete(file);
    awaitReason("--throttle-query answers true");
    lab.sql("drop table public.stop");
    awaitReason("--throttle-query fails: ");
    assertThat(progress().batchesDone()).isZero();
    lab.sql("create table public.stop as select false as yes");

    assertThat(batches.join()).isTrue();
  }

  private void awaitReason(String begin) {
    TestServer.await(
        lab.session, "select starts_with(coalesce(waits_for, ''), ?) from belay.batch_run", begin);
  }

  @Test
  void aQueryOfTheOperatorThatCannotRunIsRefusedBeforeTheFirstBatch() {
    visits(200);
    long run = lab.begin(COUNTED);
    for (String query :
        new String[] {"select nonsense", "delete from public.visit returning true"}) {
      ThrottleLimits limits =
          new ThrottleLimits(
              Optional.empty(), Optional.empty(), 42, Optional.of(query), Optional.empty());

      assertThatThrownBy(() -> lab.run(run, COUNTED, BatchLab.HUNDRED, limits))
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE));
    }
    assertThat(progress().batchesDone()).isZero();
  }

  @Test
  @Timeout(300)
  void theSizeThatIsFoundByTimeDoesEveryRowOnceAndKeepsTheTableSmall() {
    lab.sql(
        "create table public.visit (id int primary key, n int not null default 0, note text)"
            + " with (autovacuum_enabled = false)",
        "insert into public.visit select i, 0, md5(i::text) from generate_series(1, 400000) i",
        "analyze public.visit");
    long before = lab.number("select pg_relation_size('public.visit')");

    lab.run(COUNTED, new BatchPace(Optional.empty(), Duration.ZERO));

    assertThat(lab.number("select count(*) from public.visit where n = 1")).isEqualTo(400000);
    assertThat(lab.number("select pg_relation_size('public.visit')"))
        .isLessThan(before * 115 / 100);
  }
}
