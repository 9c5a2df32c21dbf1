package dev.belay.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.support.TestServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class MergeBatchesIT {
  private final MergeLab lab = new MergeLab();

  @AfterEach
  void drop() {
    lab.close();
  }

  /** The moment is let go before the first batch, and so are the others. */
  private MergeOutcome afterThePlan(Policy policy, int rows, String... statements) {
    return lab.batches(rows)
        .merge(
            policy,
            lab.databases.target,
            (plan, agreed) -> {
              lab.target(statements);
              return true;
            })
        .outcome()
        .orElseThrow();
  }

  @Test
  void rowsThatSomebodyChangedSinceThePlanStayAndAreCounted() {
    lab.everywhere(
        "create table public.t (id int primary key, v text)",
        "insert into public.t select i, 'old' from generate_series(1, 20) i");
    lab.source(
        "update public.t set v = 'new'",
        "delete from public.t where id > 15",
        "insert into public.t values (30, 'x'), (31, 'y')");

    MergeOutcome outcome =
        afterThePlan(
            Policy.EXACT,
            4,
            "update public.t set v = 'theirs' where id in (3, 17)",
            "delete from public.t where id = 5",
            "insert into public.t values (30, 'theirs')");

    assertThat(outcome.added()).isEqualTo(1);
    assertThat(outcome.changed()).isEqualTo(13);
    assertThat(outcome.removed()).isEqualTo(4);
    assertThat(outcome.skipped()).isEqualTo(4);
    assertThat(lab.held("public.t"))
        .hasSize(17)
        .contains("(3,theirs)", "(17,theirs)", "(30,theirs)", "(31,y)", "(1,new)");
  }

  @Test
  void whatARemovedRowMakesPlaceForIsAddedAfterIt() {
    lab.everywhere("create table public.t (id int primary key, mail text unique)");
    lab.source("insert into public.t select i + 100, 'm' || i from generate_series(1, 10) i");
    lab.target("insert into public.t select i, 'm' || i from generate_series(1, 10) i");

    MergeOutcome outcome = lab.batches(3).merge(Policy.EXACT);

    assertThat(outcome.skipped()).isZero();
    assertThat(lab.held("public.t")).isEqualTo(MergeLab.rows(lab.databases.source, "public.t"));
  }

  @Test
  void tablesThatReferToEachOtherAreOneBatchAndThePlanSaysSo() {
    lab.everywhere(
        "create table public.a (id int primary key, b int not null)",
        "create table public.b (id int primary key, a int not null)",
        "alter table public.a add foreign key (b) references public.b on delete cascade",
        "alter table public.b add foreign key (a) references public.a");
    String rows =
        "with x as (insert into public.a select i, i from generate_series(%1$d, %2$d) i)"
            + " insert into public.b select i, i from generate_series(%1$d, %2$d) i";
    lab.source(rows.formatted(1, 20));
    lab.target(rows.formatted(11, 30));

    MergeOutcome outcome = lab.batches(3).merge(Policy.EXACT);

    assertThat(outcome.plan().notes())
        .anyMatch(note -> note.contains("public.a, public.b: rows refer to each other"));
    assertThat(outcome.skipped()).isZero();
    assertThat(lab.held("public.a")).isEqualTo(MergeLab.rows(lab.databases.source, "public.a"));
    assertThat(lab.held("public.b")).isEqualTo(MergeLab.rows(lab.databases.source, "public.b"));
  }

  @Test
  void aParentOnWhichSomebodyHangedARowSinceThePlanStays() {
    lab.everywhere(
        "create table public.p (id int primary key)",
        "create table public.c (id int primary key, p int references public.p on delete cascade)");
    lab.target("insert into public.p values (1), (2)");

    MergeOutcome outcome = afterThePlan(Policy.EXACT, 5, "insert into public.c values (7, 1)");

    assertThat(outcome.removed()).isEqualTo(1);
    assertThat(outcome.skipped()).isEqualTo(1);
    assertThat(lab.held("public.c")).containsExactly("(7,1)");
  }

  @Test
  void cascadesNeedOneTransaction() {
    lab.everywhere("create table public.p (id int primary key)");
    lab.target(
        "create table public.c (id int primary key, p int references public.p on delete cascade)",
        "insert into public.p values (1)",
        "insert into public.c values (1, 1)");

    assertThatThrownBy(() -> lab.batches(5).merge(Policy.EXACT))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
              assertThat(failure.message()).contains("1 rows of public.c are removed");
            });
    assertThat(lab.held("public.c")).hasSize(1);
  }

  @Test
  void aBatchThatFailsAfterOthersSaysHowMuchIsDone() {
    lab.everywhere(
        "create table public.t (id int primary key)",
        "create table public.u (id int primary key, v int)");
    lab.source(
        "insert into public.t select generate_series(1, 6)", "insert into public.u values (8, 8)");
    lab.target("alter table public.u add constraint small check (v < 8)");

    assertThatThrownBy(() -> lab.batches(3).merge(Policy.EXACT))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
              assertThat(failure.message()).contains("small", "(8, 8)");
              assertThat(failure.state()).contains("6 of 7 rows are merged");
            });
    assertThat(lab.held("public.t")).hasSize(6);
  }

  @Test
  void triggersAreOffInEachBatchOnly() {
    lab.everywhere(
        "create table public.t (id int primary key)",
        "create function public.none() returns trigger language plpgsql as 'begin return null; end'",
        "create trigger none before insert on public.t for each row execute function public.none()");
    lab.source(
        "alter table public.t disable trigger none",
        "insert into public.t select generate_series(1, 10)");

    lab.batches(4).merge(Policy.ADD_MISSING);

    assertThat(lab.held("public.t")).hasSize(10);
    assertThat(lab.text("select tgenabled from pg_trigger where tgname = 'none'")).isEqualTo("O");
  }

  @Test
  void aHeapWithoutAKeyIsMergedInBatches() {
    lab.everywhere("create table public.t (a int)");
    lab.source("insert into public.t select i % 3 from generate_series(1, 30) i");
    lab.target("insert into public.t select i % 5 from generate_series(1, 30) i");

    MergeOutcome outcome = lab.batches(4).merge(Policy.EXACT);

    assertThat(outcome.skipped()).isZero();
    assertThat(lab.held("public.t")).isEqualTo(MergeLab.rows(lab.databases.source, "public.t"));
  }

  @Test
  void aParentOnWhichSomebodyHangsARowWhileABatchWaitsStays() throws Exception {
    lab.everywhere(
        "create table public.p (id int primary key)",
        "create table public.c (id int primary key, p int references public.p on delete cascade)");
    lab.target("insert into public.p values (1), (2)");

    MergeOutcome outcome = whileItWaits("insert into public.c values (7, 1)");

    assertThat(outcome.removed()).isEqualTo(1);
    assertThat(outcome.skipped()).isEqualTo(1);
    assertThat(lab.held("public.p")).containsExactly("(1)");
    assertThat(lab.held("public.c")).containsExactly("(7,1)");
  }

  @Test
  void inACircleItStaysToo() throws Exception {
    lab.everywhere(
        "create table public.n (id int primary key, up int references public.n on delete cascade)");
    lab.target("insert into public.n values (1, null), (2, null)");

    MergeOutcome outcome = whileItWaits("insert into public.n values (7, 1)");

    assertThat(outcome.removed()).isEqualTo(1);
    assertThat(lab.held("public.n")).containsExactly("(1,)", "(7,1)");
  }

  /** Somebody has written when the batch begins, and commits as soon as it waits for that. */
  private MergeOutcome whileItWaits(String statement) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    FutureTask<Void> somebody =
        new FutureTask<>(
            () -> {
              try (Database session = TwoDatabases.DATABASES.open(lab.databases.target)) {
                session.inTransaction(
                    () -> {
                      session.execute(statement);
                      done.countDown();
                      TestServer.await(
                          session,
                          "select exists (select from pg_locks where not granted"
                              + " and pg_backend_pid() = any (pg_blocking_pids(pid)))");
                      return true;
                    });
              }
              return null;
            });
    MergeOutcome outcome =
        lab.batches(5)
            .merge(
                Policy.EXACT,
                lab.databases.target,
                (plan, agreed) -> {
                  new Thread(somebody).start();
                  try {
                    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
                  } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                  }
                  return true;
                })
            .outcome()
            .orElseThrow();
    somebody.get(30, TimeUnit.SECONDS);
    return outcome;
  }

  @Test
  void anIdentityThatTakesNoUpdateNeedsOneTransaction() {
    lab.everywhere(
        "create table public.t (id int primary key, n int generated always as identity, v text)");
    lab.source("insert into public.t overriding system value values (1, 5, 'new')");
    lab.target("insert into public.t overriding system value values (1, 6, 'old')");

    assertThatThrownBy(() -> lab.batches(5).merge(Policy.EXACT))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
              assertThat(failure.message()).contains("identity columns of public.t");
              assertThat(failure.hint()).contains("without --batch-size");
            });
    assertThat(lab.held("public.t")).containsExactly("(1,6,old)");
  }
}
