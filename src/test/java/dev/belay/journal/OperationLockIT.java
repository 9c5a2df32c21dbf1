package dev.belay.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OperationLockIT {
  private final Target maintenance = TestServer.admin();
  private final RunId run = RunId.fresh();
  private final Databases databases = new JdbcDatabases(RunSessions.name(run));

  /** It need not exist. */
  private final Target target = maintenance.withDatabase("no \"such'; -- Ü");

  private final List<String> warnings = new ArrayList<>();

  @Test
  void whoComesSecondIsToldWhoIsAtWork() {
    try (OperationLock first = acquire("backup-restore", Duration.ZERO)) {
      first.check();
      assertThatThrownBy(() -> acquire("create-backup", Duration.ZERO))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
                assertThat(failure.message())
                    .contains(target.database())
                    .contains("backup-restore by " + System.getProperty("user.name"))
                    .contains("process " + ProcessHandle.current().pid());
              });
      try (Database session = databases.open(maintenance)) {
        assertThat(OperationLock.holder(session, target.database()))
            .hasValueSatisfying(holder -> assertThat(holder.run()).isEqualTo(run.text()));
      }
    }
    acquire("create-backup", Duration.ZERO).close();
  }

  /** A session with many temporary tables takes its time to end. */
  @Test
  void whoComesNextIsNotRefusedWhileTheSessionEnds() {
    Databases slow =
        there -> {
          Database session = databases.open(there);
          session.execute(
              "do $$ begin for n in 1..300 loop"
                  + " execute 'create temporary table t' || n || ' (n integer)';"
                  + " end loop; end $$");
          return session;
        };
    OperationLock.acquire(
            slow, maintenance, target, run, "create-backup", Duration.ZERO, warnings::add)
        .close();
    acquire("create-backup", Duration.ZERO).close();
  }

  @Test
  void anotherTargetIsNotInTheWay() {
    try (OperationLock first = acquire("backup-restore", Duration.ZERO);
        OperationLock second =
            OperationLock.acquire(
                databases,
                maintenance,
                maintenance.withDatabase("other"),
                run,
                "create-backup",
                Duration.ZERO,
                warnings::add)) {
      first.check();
      second.check();
    }
  }

  @Test
  void seesAHolderWithAnotherMaintenanceDatabase() {
    Target other = TestServer.fresh("maintenance");
    try (OperationLock first = acquire("backup-restore", Duration.ZERO)) {
      first.check();
      assertThatThrownBy(
              () ->
                  OperationLock.acquire(
                      databases, other, target, run, "create-backup", Duration.ZERO, warnings::add))
          .hasMessageContaining("backup-restore by");
    } finally {
      TestServer.drop(other);
    }
  }

  @Test
  void waitsWhenAsked() throws Exception {
    OperationLock first = acquire("backup-restore", Duration.ZERO);
    CompletableFuture<OperationLock> second =
        CompletableFuture.supplyAsync(() -> acquire("create-backup", Duration.ofSeconds(30)));
    awaitWaiter();
    first.close();
    second.get().close();
  }

  @Test
  void givesUpWaitingInTime() {
    try (OperationLock first = acquire("backup-restore", Duration.ZERO)) {
      first.check();
      assertThatThrownBy(() -> acquire("create-backup", Duration.ofMillis(50)))
          .hasMessageContaining("another belay is working on");
    }
  }

  @Test
  void noticesThatItsSessionIsGone() {
    try (OperationLock lock = acquire("backup-restore", Duration.ZERO);
        Database admin = new JdbcDatabases("belay-test").open(maintenance)) {
      LockQueries.holders(admin, LockQueries.key(target.database()))
          .forEach(
              holder ->
                  admin.execute("select pg_catalog.pg_terminate_backend(?, 5000)", holder.pid()));
      assertThatThrownBy(lock::check)
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
    }
  }

  @Test
  void fallsBackToTheTargetAndSaysSo() {
    Target there = TestServer.fresh("lock");
    Target nowhere = maintenance.withDatabase("there is none");
    try (OperationLock lock =
        OperationLock.acquire(
            databases, nowhere, there, run, "create-backup", Duration.ZERO, warnings::add)) {
      lock.check();
      assertThat(warnings).singleElement().asString().contains("there is none");
    } finally {
      TestServer.drop(there);
    }
  }

  private OperationLock acquire(String command, Duration wait) {
    return OperationLock.acquire(databases, maintenance, target, run, command, wait, warnings::add);
  }

  private void awaitWaiter() {
    try (Database admin = new JdbcDatabases("belay-test").open(maintenance)) {
      TestServer.await(
          admin,
          "select exists (select from pg_catalog.pg_locks"
              + " where locktype = 'advisory' and not granted)");
    }
  }
}
