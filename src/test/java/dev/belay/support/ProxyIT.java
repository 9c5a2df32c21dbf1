package dev.belay.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProxyIT {
  private static final String MUCH = "select repeat('x', 1000) from generate_series(1, 2000)";

  private final Target target = TestServer.admin();

  @Test
  void passesEverythingUnchanged() {
    try (Proxy proxy = Proxy.before(target);
        Database database = new JdbcDatabases("belay-test").open(proxy.through(target))) {
      assertThat(database.list(MUCH, row -> row.getString(1))).hasSize(2000);
      assertThat(proxy.forwarded()).isGreaterThan(2_000_000);
    }
  }

  @Test
  void stallsAfterSoManyBytesAndGoesOnWhenToldTo() throws Exception {
    try (Proxy proxy = Proxy.before(target);
        Database database = new JdbcDatabases("belay-test").open(proxy.through(target))) {
      proxy.stallAfter(1_000_000);
      CompletableFuture<Integer> rows =
          CompletableFuture.supplyAsync(() -> database.list(MUCH, row -> row.getString(1)).size());
      proxy.awaitStrike();
      assertThat(rows).isNotDone();
      assertThat(proxy.forwarded()).isEqualTo(1_000_000);
      proxy.pass();
      assertThat(rows.get(30, TimeUnit.SECONDS)).isEqualTo(2000);
    }
  }

  @Test
  void resetsAfterSoManyBytes() {
    try (Proxy proxy = Proxy.before(target);
        Database database = new JdbcDatabases("belay-test").open(proxy.through(target))) {
      proxy.resetAfter(1_000_000);
      assertThatThrownBy(() -> database.list(MUCH, row -> row.getString(1)))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("was lost");
    }
  }

  @Test
  void throttles() {
    try (Proxy proxy = Proxy.before(target);
        Database database = new JdbcDatabases("belay-test").open(proxy.through(target))) {
      proxy.throttle(4_000_000);
      long begin = System.nanoTime();
      database.list(MUCH, row -> row.getString(1));
      assertThat(System.nanoTime() - begin).isGreaterThan(400_000_000L);
    }
  }

  @Test
  void aServerThatIsDownLooksDown() {
    try (Proxy proxy = Proxy.before(target)) {
      proxy.refuse(true);
      assertThatThrownBy(() -> new JdbcDatabases("belay-test").open(proxy.through(target)))
          .isInstanceOf(Failure.class)
          .hasMessageStartingWith("cannot connect to ");
    }
  }
}
