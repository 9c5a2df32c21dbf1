package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.support.Proxy;
import dev.belay.support.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TransactionIT {
  private final Databases databases = new JdbcDatabases("belay-test");
  private Target target = TestServer.admin();

  @BeforeEach
  void create() {
    target = TestServer.fresh("transactions");
    try (Database database = databases.open(target)) {
      database.execute("create table public.t (n integer unique deferrable initially deferred)");
    }
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void anErrorThatWasSwallowedIsNotTakenForACommit() {
    try (Database database = databases.open(target)) {
      assertThatThrownBy(
              () ->
                  database.inTransaction(
                      () -> {
                        database.execute("insert into public.t values (1)");
                        try {
                          database.execute("select 1 / 0");
                        } catch (Failure swallowed) {
                          assertThat(swallowed.message()).contains("division by zero");
                        }
                        return "as if nothing had been";
                      }))
          .isInstanceOf(Failure.class);
      assertThat(database.number("select count(*) from public.t")).isZero();
    }
  }

  @Test
  void anErrorOfTheCommitItselfLeavesNothing() {
    try (Database database = databases.open(target)) {
      assertThatThrownBy(
              () ->
                  database.inTransaction(
                      () -> database.execute("insert into public.t values (1), (1)")))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
                assertThat(failure.message()).contains("duplicate key");
              });
      assertThat(database.number("select count(*) from public.t")).isZero();
    }
  }

  @Test
  void aConnectionLostDuringTheCommitIsToldAsNotKnown() {
    try (Proxy proxy = Proxy.before(target);
        Database database = databases.open(proxy.through(target))) {
      assertThatThrownBy(
              () ->
                  database.inTransaction(
                      () -> {
                        int rows = database.execute("insert into public.t values (1)");
                        proxy.resetAfter(proxy.forwarded());
                        return rows;
                      }))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
                assertThat(failure.state()).contains("not known whether");
              });
    }
  }

  @Test
  void aTransactionInsideATransactionIsADefect() {
    try (Database database = databases.open(target)) {
      assertThatThrownBy(() -> database.inTransaction(() -> database.inTransaction(() -> 1)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theLadderTriesAgainUntilTheLockIsFree() {
    try (Database holder = databases.open(target);
        Database database = databases.open(target)) {
      holder.execute("begin");
      holder.execute("lock table public.t");
      List<String> notices = new ArrayList<>();
      LockLadder ladder =
          new LockLadder(
              Duration.ofMillis(50),
              20,
              notice -> {
                notices.add(notice);
                if (notices.size() == 2) {
                  holder.rollback();
                }
              });
      ladder.run(database, () -> database.execute("alter table public.t add c integer"));
      assertThat(notices).hasSize(2).allMatch(notice -> notice.contains("of 20: "));
      assertThat(database.text("show lock_timeout")).isEqualTo("30s");
    }
  }

  @Test
  void theLadderGivesUpWithEverythingRolledBack() {
    try (Database holder = databases.open(target);
        Database database = databases.open(target)) {
      holder.execute("begin");
      holder.execute("lock table public.t");
      LockLadder ladder = new LockLadder(Duration.ofMillis(20), 3, notice -> {});
      assertThatThrownBy(
              () ->
                  ladder.run(
                      database,
                      () -> {
                        database.execute("create table public.other ()");
                        return database.execute("drop table public.t");
                      }))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
      assertThat(database.text("select coalesce(to_regclass('public.other')::text, 'gone')"))
          .isEqualTo("gone");
    }
  }
}
