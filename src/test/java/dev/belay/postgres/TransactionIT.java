package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.support.Proxy;
import dev.belay.support.TestServer;
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
}
