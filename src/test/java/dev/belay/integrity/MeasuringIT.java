package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.Snapshot;
import dev.belay.support.Await;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens when a session fails in the middle. */
@Timeout(120)
class MeasuringIT {
  private final Lab lab = new Lab("measuring");

  @AfterEach
  void drop() {
    lab.close();
  }

  /** A server with the usual settings has room for the locks of some 6,000 relations. */
  @Test
  void inASnapshotNoTableStaysLocked() {
    lab.run(
        "create table public.many (n integer primary key)",
        "insert into public.many select generate_series(1, 10)");
    TableShape shape = lab.shape("many");
    try (Snapshot snapshot = Snapshot.take(lab.databases(), lab.target());
        Database worker = snapshot.worker()) {
      lab.run("insert into public.many values (11)");

      assertThat(FingerprintQueries.sum(worker, Piece.whole(shape)).rows()).isEqualTo(10);
      assertThat(FingerprintQueries.sum(worker, Piece.whole(shape)).rows()).isEqualTo(10);

      assertThat(
              worker.number(
                  "select count(*) from pg_locks where pid = pg_backend_pid()"
                      + " and relation in ('public.many'::regclass, 'public.many_pkey'::regclass)"))
          .isZero();
    }
  }

  /** Workers wait 30 seconds for a lock, longer than this class has. */
  @Test
  void theFirstFailureEndsTheOthersAndNamesItsTable() {
    lab.run(
        "create type public.mood as enum ('sad', 'glad')",
        "create table public.\"bad one\" (m public.mood)",
        "insert into public.\"bad one\" values ('sad')",
        "create table public.held as select n from generate_series(1, 1000) n",
        "delete from pg_enum where enumlabel = 'sad'");
    List<TableShape> tables = Fingerprints.tables(lab.session()).shapes();
    try (Database holder = lab.worker()) {
      holder.execute("begin");
      holder.execute("lock table public.held in access exclusive mode");

      assertThatThrownBy(() -> lab.measure(tables, 2, Long.MAX_VALUE))
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED))
          .hasMessageStartingWith("table public.bad one: invalid internal value for enum");
      holder.rollback();
    }
    assertNobodyIsLeft();
  }

  @Test
  void anInterruptEndsAll() throws Exception {
    lab.run("create table public.held (a int)", "create table public.too (a int)");
    List<TableShape> tables = Fingerprints.tables(lab.session()).shapes();
    try (Database holder = lab.worker()) {
      holder.execute("begin");
      holder.execute("lock table public.held, public.too in access exclusive mode");
      FutureTask<?> measuring = new FutureTask<>(() -> lab.measure(tables, 2, Long.MAX_VALUE));
      Thread thread = new Thread(measuring, "measuring");
      thread.start();
      Await.until("both workers wait for a lock", () -> waiting() == 2, measuring);

      thread.interrupt();

      assertThatThrownBy(() -> measuring.get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(Failure.class)
          .hasMessageContaining("interrupted");
      holder.rollback();
    }
    assertNobodyIsLeft();
  }

  @Test
  void aTableThatMayNotBeReadIsNamedAndTheStateIsUnchanged() {
    lab.run("drop role if exists integrity_lowly", "create role integrity_lowly");
    lab.run("create table public.secret (a int)");
    List<TableShape> tables = Fingerprints.tables(lab.session()).shapes();

    assertThatThrownBy(
            () ->
                Fingerprints.measure(
                    tables,
                    () -> {
                      Database worker = lab.worker();
                      worker.execute("set role integrity_lowly");
                      return worker;
                    },
                    1,
                    Quiet.progress().bar("measuring", 0, "bytes")))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
              assertThat(failure.state()).isEqualTo(Failure.UNCHANGED);
            })
        .hasMessageStartingWith("table public.secret: permission denied for table secret");
    lab.run("drop role integrity_lowly");
  }

  @Test
  void rowsThatAPolicyHidesAreAFailureAndNotLessRows() {
    lab.run(
        "drop role if exists integrity_hidden",
        "create role integrity_hidden",
        "create table public.t (a int)",
        "grant select on public.t to integrity_hidden",
        "alter table public.t enable row level security");

    assertThatThrownBy(
            () ->
                Fingerprints.measure(
                    Fingerprints.tables(lab.session()).shapes(),
                    () -> {
                      Database worker = lab.worker();
                      worker.execute("set role integrity_hidden");
                      return worker;
                    },
                    1,
                    Quiet.progress().bar("measuring", 0, "bytes")))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("row-level security");
    lab.run("drop owned by integrity_hidden", "drop role integrity_hidden");
  }

  @Test
  void sessionsThatWereOpenedAreClosedWhenOneMoreCannotBe() {
    lab.run("create table public.a (a int)", "create table public.b (a int)");
    AtomicInteger opened = new AtomicInteger();

    assertThatThrownBy(
            () ->
                Fingerprints.measure(
                    Fingerprints.tables(lab.session()).shapes(),
                    () -> {
                      if (opened.incrementAndGet() == 2) {
                        throw Failure.unavailable("no more sessions", "lower --jobs");
                      }
                      return lab.worker();
                    },
                    2,
                    Quiet.progress().bar("measuring", 0, "bytes")))
        .hasMessage("no more sessions");
    assertNobodyIsLeft();
  }

  @Test
  void noMoreSessionsAreOpenedThanThereIsWork() {
    lab.run("create table public.a (a int)");
    List<Database> opened = new ArrayList<>();

    Fingerprints.measure(
        Fingerprints.tables(lab.session()).shapes(),
        () -> {
          Database worker = lab.worker();
          opened.add(worker);
          return worker;
        },
        8,
        Quiet.progress().bar("measuring", 0, "bytes"));

    assertThat(opened).hasSize(1);
  }

  @Test
  void nothingToMeasureNeedsNoSession() {
    assertThat(lab.measure(List.of(), 4, 1)).isEmpty();
  }

  private long waiting() {
    return lab.session()
        .number(
            "select count(*) from pg_stat_activity"
                + " where datname = current_database() and wait_event_type = 'Lock'");
  }

  private void assertNobodyIsLeft() {
    TestServer.await(
        lab.session(),
        "select not exists (select from pg_stat_activity"
            + " where datname = current_database() and pid <> pg_backend_pid()"
            + " and backend_type = 'client backend')");
  }
}
