package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.support.TestServer;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatabaseIT {
  private final Databases databases = new JdbcDatabases("belay-test");
  private Target target = TestServer.admin();

  @BeforeEach
  void create() {
    target = TestServer.fresh("session");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void pinsWhatTheRoleAndTheDatabaseWouldChange() {
    try (Database admin = databases.open(TestServer.admin())) {
      Identifier name = new Identifier(target.database());
      admin.execute("alter database " + name + " set default_transaction_read_only = on");
      admin.execute("alter database " + name + " set search_path = nowhere");
      admin.execute("alter database " + name + " set statement_timeout = '40ms'");
    }
    try (Database database = databases.open(target)) {
      database.execute("create table public.t (n integer)");
      assertThat(database.text("show search_path")).isEqualTo("pg_catalog");
      assertThat(database.text("show statement_timeout")).isEqualTo("0");
    }
  }

  @Test
  void aSnapshotSeesOneMomentFromSeveralSessions() {
    try (Database writer = databases.open(target)) {
      writer.execute("create table public.t (n integer)");
      writer.execute("insert into public.t values (1)");
      try (Snapshot snapshot = Snapshot.take(databases, target);
          Database worker = snapshot.worker()) {
        writer.execute("insert into public.t values (2)");
        assertThat(worker.number("select count(*) from public.t")).isEqualTo(1);
        assertThat(snapshot.database().number("select count(*) from public.t")).isEqualTo(1);
        assertThat(writer.number("select count(*) from public.t")).isEqualTo(2);
      }
    }
  }

  @Test
  void saysWhatToDoWhenTheDatabaseIsNotThere() {
    Target nowhere = target.withDatabase("nowhere");
    assertThatThrownBy(() -> databases.open(nowhere))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
              assertThat(failure.message()).contains("nowhere").contains("does not exist");
              assertThat(failure.hint()).contains("psql --list");
            });
  }

  @Test
  void aFailedTransactionLeavesNothing() {
    try (Database database = databases.open(target)) {
      database.execute("create table public.t (n integer)");
      assertThatThrownBy(
              () ->
                  database.inTransaction(
                      () -> {
                        database.execute("insert into public.t values (1)");
                        return database.execute("select 1 / 0");
                      }))
          .isInstanceOf(Failure.class);
      assertThat(database.number("select count(*) from public.t")).isZero();
    }
  }

  @Test
  void tellsTheStateOfAnError() {
    try (Database database = databases.open(target)) {
      assertThatThrownBy(() -> database.execute("select * from public.nothing"))
          .satisfies(
              thrown -> {
                assertThat(SqlState.UNDEFINED_TABLE.isOf(thrown)).isTrue();
                assertThat(SqlState.of(thrown)).isEqualTo(Optional.of("42P01"));
              });
    }
  }
}
