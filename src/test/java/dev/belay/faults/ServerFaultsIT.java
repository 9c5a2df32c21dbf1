package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cli;
import dev.belay.support.Cluster;
import dev.belay.support.Program;
import dev.belay.support.Proxy;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers and their administrators do to a backup and a restore. */
class ServerFaultsIT {
  @TempDir Path folder;
  private Ground ground;

  @BeforeEach
  void make() {
    ground = Ground.of(folder, TestServer.fresh("served"));
  }

  @AfterEach
  void drop() {
    ground.drop();
    try (Database session = ground.maintenance()) {
      session.execute("drop role if exists narrow");
    }
  }

  // D1, D13: the session of pg_dump, or the one that holds the snapshot
  @ParameterizedTest
  @CsvSource({":pg_dump$", "^belay:[0-9a-f]+$"})
  void aSessionThatIsEndedInTheDumpFailsTheBackup(String name) throws Exception {
    ground.sql(
        "create table public.wide as select n, repeat(md5(n::text), 50) as text"
            + " from generate_series(1, 3000) n");
    try (Proxy proxy = Proxy.before(ground.live)) {
      proxy.stallAfter(400_000);
      Path tools =
          ground.tools("[ $name = pg_dump ] && export PGHOST=127.0.0.1 PGPORT=" + proxy.port());
      Program.Running running = ground.with(tools).start("create-backup");
      proxy.awaitStrike();
      try (Database session = ground.maintenance()) {
        assertThat(
                session.number(
                    "select count(pg_catalog.pg_terminate_backend(pid))"
                        + " from pg_catalog.pg_stat_activity where application_name ~ ?"
                        + " and datname = ?",
                    name,
                    ground.live.database()))
            .isPositive();
      }
      proxy.pass();

      Cli.Result result = running.result();
      assertThat(result.status()).as(result.err()).isIn(12, 13);
      assertThat(result.err())
          .containsPattern("error: .*\\nstate: the database was not changed\\n");
      assertThat(ground.backups()).isEmpty();
      ground.assertNothingLeft();
    }
  }

  // D3
  @Test
  void aLockedTableIsNamedWithWhoLocksIt() {
    try (Database other = ground.open()) {
      other.inTransaction(
          () -> {
            other.execute("lock table public.orders in access exclusive mode");
            Cli.Result refused = ground.expect(11, "create-backup");
            assertThat(refused.err()).contains("public.orders", String.valueOf(other.loginPid()));
            return other;
          });
    }
    assertThat(ground.backups()).isEmpty();
  }

  // D5
  @Test
  void aLimitOfConnectionsIsFoundBeforeTheDump() {
    ground.sql("create role narrow login connection limit 3", "grant pg_read_all_data to narrow");
    Program narrow = ground.program().with("PGUSER", "narrow");

    Cli.Result refused = Ground.expect(11, narrow, "create-backup", "--jobs", "4");

    assertThat(refused.err()).contains("narrow", "use fewer --jobs");
    assertThat(ground.backups()).isEmpty();
  }

  // D7
  @Test
  void noSettingOfDatabaseOrRoleChangesABackupOrStopsARestore() {
    ground.sql(
        "create table public.kinds as select 1.1::float8 / 3 as number, now() as at,"
            + " interval '1 day 2 h' as span, '\\x00ff'::bytea as bytes, 12.3::money as price");
    Identifier live = new Identifier(ground.live.database());
    try (Database session = ground.maintenance()) {
      for (String setting :
          List.of(
              "statement_timeout = 1",
              "lock_timeout = 1",
              "idle_in_transaction_session_timeout = 1",
              "default_transaction_read_only = on",
              "row_security = off",
              "search_path = nowhere",
              "\"DateStyle\" = 'German, DMY'",
              "\"IntervalStyle\" = 'iso_8601'",
              "\"TimeZone\" = 'Asia/Kathmandu'",
              "extra_float_digits = -5",
              "bytea_output = 'escape'",
              "standard_conforming_strings = off",
              "client_encoding = 'LATIN1'")) {
        session.execute("alter database " + live + " set " + setting);
      }
    }

    ground.expect(0, "create-backup", "--level", "restored");
    Cli.Result restored = ground.expect(0, "backup-restore", "latest", "--yes");

    assertThat(restored.out()).contains("equal to the manifest");
    try (Database session = ground.maintenance()) {
      assertThat(
              session.number(
                  "select count(*) from pg_catalog.pg_db_role_setting s, unnest(s.setconfig)"
                      + " where s.setdatabase = (select oid from pg_catalog.pg_database"
                      + " where datname = ?)",
                  ground.live.database()))
          .isEqualTo(13);
      session.execute("alter database " + live + " reset all");
    }
    ground.assertOrders(Ground.ORDERS);
  }

  // D12
  @Test
  void withoutAmcheckSoundnessIsNotCheckedAndNotOk() {
    ground.sql("create role narrow login createdb", "grant pg_read_all_data to narrow");
    ground.expect(0, "create-backup", "--level", "checksummed");

    Cli.Result result =
        Ground.expect(
            12, ground.program().with("PGUSER", "narrow"), "validate-backup", "--level", "sound");

    assertThat(result.out()).contains("not checked: ").doesNotContain("BAD");
  }

  // what cannot be renamed is found before
  @Test
  void preparedTransactionsAndReplicationSlotsAreFoundBeforeTheRestore() {
    ground.expect(0, "create-backup", "--level", "checksummed");
    // In this order: a new slot waits for every transaction there is.
    try (Database session = ground.open()) {
      session.text(
          "select slot_name from pg_catalog.pg_create_logical_replication_slot("
              + "'in_the_way', 'pgoutput')");
    }
    ground.sql(
        "begin; insert into public.orders values (0, 'x'); prepare transaction 'in the way'");
    try {
      Cli.Result refused = ground.expect(11, "backup-restore", "latest", "--yes");
      assertThat(refused.err()).contains("in the way", "in_the_way");
    } finally {
      ground.sql("rollback prepared 'in the way'");
      try (Database session = ground.open()) {
        session.text("select pg_catalog.pg_drop_replication_slot('in_the_way')::text");
      }
    }
    ground.assertOrders(Ground.ORDERS);
  }

  // C3, and who is not let in
  @Test
  void aServerThatIsNotThereOrDoesNotLetInIsSaidInThreeLines() {
    try (Cluster cluster = Cluster.with().rule("host all all 127.0.0.1/32 scram-sha-256").start()) {
      Target admin = cluster.admin();
      try (Database session = new JdbcDatabases("test").open(admin)) {
        session.execute("create role keeper login password 'right'");
      }
      Target wrong = cluster.target("127.0.0.1", "keeper", "wrong", Tls.PREFER);
      Program refused = new Ground(folder, wrong).program();
      assertThat(Ground.expect(12, refused, "create-backup").err())
          .containsPattern("error: .*password.*\\nstate: .*\\nhint: .*");

      Program absent = new Ground(folder, admin.withDatabase("no such")).program();
      assertThat(Ground.expect(12, absent, "create-backup").err())
          .containsPattern("error: .*no such.*\\nstate: .*\\nhint: .*");
      assertThat(Ground.expect(12, absent.with("PGPORT", "1"), "create-backup").err())
          .containsPattern("error: .*\\nstate: .*\\nhint: .*");
    }
    assertThat(ground.backups()).isEmpty();
  }
}
