package dev.belay.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ObstaclesIT {
  private static final Identifier LOWLY = new Identifier("lowly \"one");

  private final Databases databases = new JdbcDatabases("obstacles-test");
  private final Target admin = TestServer.admin();
  @TempDir private Path folder = Path.of("");
  private Database session = databases.open(admin);
  private Target live = admin;

  @BeforeEach
  void create() {
    session = databases.open(admin);
    session.execute("drop role if exists " + LOWLY);
    session.execute("create role " + LOWLY + " login");
    live = TestServer.fresh("orders");
  }

  @AfterEach
  void drop() {
    Replaced.list(session).forEach(left -> TestServer.drop(admin.withDatabase(left.name())));
    TestServer.drop(live);
    session.execute("drop role if exists " + LOWLY);
    session.close();
  }

  @Test
  void anOrdinaryDatabaseHasNone() {
    try (Database client = databases.open(live)) {
      assertThat(client.number("select 1")).isOne();
      assertThat(Obstacles.find(session, live.database())).isEmpty();
    }
  }

  @Test
  void allAreFoundAtOnceBeforeAnythingIsDone() {
    SwapBench bench = new SwapBench(admin, RunId.fresh(), folder);
    String replacement = bench.replacementFor(live.database());
    try (Database client = databases.open(live)) {
      client.execute("create table public.t (n integer)");
      client.execute(
          "select pg_catalog.pg_create_logical_replication_slot('slot_"
              + bench.run
              + "', 'pgoutput')");
      client.execute(
          "create subscription \"Sub \"\"x\" connection 'host=nowhere dbname=x' publication p"
              + " with (connect = false)");
      client.execute("begin");
      client.execute("insert into public.t values (1)");
      client.execute("prepare transaction 'gid '' Ü'");
      try {
        List<Obstacle> found = Obstacles.find(session, live.database());
        assertThat(found).allMatch(Obstacle::blocking);
        assertThat(String.join("\n", found.stream().map(Obstacle::line).toList()))
            .contains("gid '' Ü")
            .contains("slot_" + bench.run)
            .contains("Sub \"x");
        assertThatThrownBy(() -> bench.swap(live.database(), replacement))
            .isInstanceOfSatisfying(
                Failure.class,
                failure -> {
                  assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
                  assertThat(failure.message()).contains("gid").contains("slot_").contains("Sub");
                });
        assertThat(client.number("select 1")).isOne();
      } finally {
        client.execute("rollback prepared 'gid '' Ü'");
        client.execute("select pg_catalog.pg_drop_replication_slot('slot_" + bench.run + "')");
        client.execute("alter subscription \"Sub \"\"x\" set (slot_name = none)");
        client.execute("drop subscription \"Sub \"\"x\"");
        TestServer.drop(live.withDatabase(replacement));
      }
    }
  }

  @Test
  void whoMayNotCreateDatabasesIsToldWhatIsMissing() {
    session.execute("alter database " + new Identifier(live.database()) + " owner to " + LOWLY);
    try (Database lowly = databases.open(asLowly());
        Database foreign = databases.open(live)) {
      assertThat(foreign.number("select 1")).isOne();
      List<Obstacle> found = Obstacles.find(lowly, live.database());
      assertThat(found).hasSize(2);
      assertThat(found.get(0).what()).contains("lacks CREATEDB");
      assertThat(found.get(0).remedy()).isEqualTo("alter role " + LOWLY + " createdb");
      assertThat(found.get(1).what()).contains("may not be ended");
    }
  }

  @Test
  void anOwnerWithCreatedbNeedsNoSuperuser() {
    session.execute("alter role " + LOWLY + " createdb");
    session.execute("alter database " + new Identifier(live.database()) + " owner to " + LOWLY);
    SwapBench bench = new SwapBench(asLowly(), RunId.fresh(), folder);
    String replacement = bench.replacementFor(live.database());
    Target lowlyLive = asLowly().withDatabase(live.database());
    try (Database client = databases.open(lowlyLive)) {
      assertThat(client.number("select 1")).isOne();
      SwapResult result = bench.swap(live.database(), replacement);
      assertThat(result.sessionsEnded()).isOne();
    }
    databases.open(lowlyLive).close();
  }

  @Test
  void theMaintenanceDatabaseItselfCannotBeSwapped() {
    assertThat(Obstacles.find(session, admin.database()))
        .anyMatch(found -> found.blocking() && found.remedy().contains("maintenanceDatabase"));
  }

  private Target asLowly() {
    return new Target(
        admin.host(),
        admin.port(),
        admin.database(),
        LOWLY.name(),
        admin.password(),
        admin.tls(),
        10);
  }
}
