package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Await;
import dev.belay.support.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SnapshotIT {
  private final Databases databases = new JdbcDatabases("snapshot-test");

  @Test
  void theSessionThatHoldsItIsNeverSilentForLong() {
    try (Snapshot snapshot = Snapshot.take(databases, TestServer.admin(), 20);
        Database other = databases.open(TestServer.admin())) {
      int holder = snapshot.database().loginPid();
      String first = lastChange(other, holder);
      Await.until("a sign of life", () -> !lastChange(other, holder).equals(first));
      // It is still the same moment, and still of use.
      assertThat(snapshot.database().number("select 1")).isOne();
      snapshot.worker().close();
    }
  }

  private static String lastChange(Database session, int pid) {
    return session.text(
        "select state_change::text from pg_catalog.pg_stat_activity where pid = ?", pid);
  }
}
