package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.support.Bouncer;
import dev.belay.support.Programs;
import dev.belay.support.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PoolerIT {
  private final Databases databases = new JdbcDatabases("belay-test");

  @Test
  void theServerItselfIsNoPooler() {
    assertThat(Pooler.check(databases, TestServer.admin())).isEqualTo(Pooler.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "session,     20, 0, KEEPS_SESSIONS",
    "transaction, 20, 0, TRANSACTION_MODE",
    "transaction, 20, 1, TRANSACTION_MODE",
    "transaction, 1,  0, TRANSACTION_MODE",
    "statement,   20, 0, TRANSACTION_MODE"
  })
  void tellsWhatAPoolerDoes(String mode, int size, int roundRobin, Pooler expected) {
    try (Bouncer bouncer =
        Bouncer.before(
            TestServer.admin(),
            mode,
            "default_pool_size = " + size,
            "min_pool_size = " + Math.min(size, 3),
            "server_round_robin = " + roundRobin)) {
      assertThat(Pooler.check(databases, bouncer.target())).isEqualTo(expected);
    }
  }

  @Test
  void refusesTransactionModeAndLeavesNoSettingInIt() {
    try (Bouncer bouncer =
        Bouncer.before(TestServer.admin(), "transaction", "default_pool_size = 1")) {
      Target target = bouncer.target();
      for (int time = 0; time < 2; time++) {
        assertThatThrownBy(() -> databases.open(target))
            .isInstanceOfSatisfying(
                Failure.class,
                failure -> {
                  assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
                  assertThat(failure.message()).contains("transaction mode");
                  assertThat(failure.hint()).contains("--url postgresql://");
                });
      }
      Programs.Result next =
          Programs.run(
              "psql",
              "-XAt",
              "-h",
              target.host(),
              "-p",
              "6432",
              "-U",
              target.user(),
              "-d",
              target.database(),
              "-c",
              "show search_path");
      assertThat(next.out()).isEqualTo("\"$user\", public\n");
    }
  }

  @Test
  void worksThroughAPoolerThatKeepsSessions() {
    try (Bouncer bouncer = Bouncer.before(TestServer.admin(), "session")) {
      try (Snapshot snapshot = Snapshot.take(databases, bouncer.target());
          Database worker = snapshot.worker()) {
        assertThat(worker.pooler()).isEqualTo(Pooler.KEEPS_SESSIONS);
        assertThat(worker.text("show search_path")).isEqualTo("pg_catalog");
        Programs.Result child =
            Programs.run(
                LibpqEnvironment.of(
                    bouncer.target(), "belay-child", ServerInfo.of(worker), worker.pooler()),
                LibpqEnvironment.removed(),
                "psql",
                "--no-password",
                "-XAtc",
                "select 1");
        assertThat(child.err()).isEmpty();
        assertThat(child.out()).isEqualTo("1\n");
      }
    }
  }
}
