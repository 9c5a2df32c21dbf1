package dev.belay.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.archive.Backups;
import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.flyway.FlywayLock;
import dev.belay.flyway.Rows;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stops a backup before its first byte: exit 11, in words, and nothing is left. */
@Timeout(120)
class PreflightIT {
  private final Databases databases = new JdbcDatabases("belay-test");
  private final Path here;
  private final String role = "lowly \"x\" " + ProcessHandle.current().pid();
  private Target target = TestServer.admin();

  PreflightIT(@TempDir Path here) {
    this.here = here;
  }

  @BeforeEach
  void create() {
    target = TestServer.fresh("preflight");
    sql("create table public.\"my; orders\" as select 1 as n", "create table public.plain (n int)");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
    try (Database session = databases.open(TestServer.admin())) {
      session.execute("drop role if exists " + new Identifier(role));
    }
  }

  private void sql(String... statements) {
    try (Database session = databases.open(target)) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
  }

  private Cli.Result refused(Target who, String... more) throws IOException {
    String[] arguments = new String[more.length + 1];
    arguments[0] = "create-backup";
    System.arraycopy(more, 0, arguments, 1, more.length);
    Cli.Result result = new Cli(here).on(who).expect(11, arguments);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("state: the database was not changed").contains("hint: ");
    assertThat(here.resolve("backups")).isEmptyDirectory();
    return result;
  }

  private Target lowly() {
    return new Target(
        target.host(), target.port(), target.database(), role, target.password(), Tls.PREFER, 10);
  }

  @Test
  void everythingThatIsInTheWayIsSaidAtOnce() throws IOException {
    Identifier name = new Identifier(role);
    sql(
        "create role %s login connection limit 3".formatted(name),
        "grant select on public.plain to " + name,
        "create table public.hidden (n int)",
        "alter table public.hidden enable row level security",
        "grant select on public.hidden to " + name,
        "create sequence public.secret_numbers",
        "select pg_catalog.lo_from_bytea(0, '\\x00')",
        "create schema locked",
        "create table locked.away (n int)");
    try (Database holder = databases.open(target)) {
      holder.execute("begin");
      holder.execute("lock table public.plain in access exclusive mode");
      long pid = holder.number("select pg_catalog.pg_backend_pid()");

      Cli.Result result = refused(lowly(), "--jobs", "2");

      assertThat(result.err())
          .contains("may not read locked.away, public.my; orders, public.secret_numbers")
          .contains("row-level security would hide rows of public.hidden")
          .contains("may not read 1 large object")
          .contains("public.plain is locked exclusively by pid " + pid)
          .contains("the backup opens 6 sessions")
          .contains("grant pg_read_all_data to " + name)
          .contains("alter role %s bypassrls".formatted(name))
          .contains("select pg_terminate_backend(" + pid + ")");
      assertThat(result.err().lines().filter(line -> line.startsWith("error: "))).hasSize(1);
      holder.execute("rollback");
    }
  }

  @Test
  void aTableThatIsLockedDoesNotMatterToABackupOfOthers() {
    try (Database holder = databases.open(target)) {
      holder.execute("begin");
      holder.execute("lock table public.plain in access exclusive mode");
      new Cli(here).on(target).expect(0, "create-backup", "--table", "public.my; orders");
      holder.execute("rollback");
    }
  }

  @Test
  void aMigrationInProgressIsNamed() throws IOException {
    try (Database flyway = new JdbcDatabases("Flyway by test").open(target)) {
      flyway.execute("select pg_advisory_lock(" + FlywayLock.key(Rows.app(here)) + ")");

      Cli.Result result = refused(target);

      assertThat(result.err())
          .contains("a migration of the app default is in progress")
          .contains("run it again when the migration is over");
    }
  }

  @Test
  void aSecondBelayIsToldWhoTheFirstIs() throws IOException {
    try (OperationLock first =
        OperationLock.acquire(
            databases,
            TestServer.admin(),
            target,
            RunId.fresh(),
            "create-backup",
            Duration.ZERO,
            warning -> {})) {
      first.check();
      Cli.Result result = refused(target);
      assertThat(result.err())
          .contains("another belay is working on " + target.database())
          .contains("create-backup by ")
          .contains("(process " + ProcessHandle.current().pid() + ")");
    }
    new Cli(here).on(target).expect(0, "create-backup");
  }

  @Test
  void aFolderThatCannotBeWrittenToIsSaidBeforeAnyServerIsAsked() throws IOException {
    Files.writeString(here.resolve("backups"), "a file");
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Target asked =
          new Target(
              "127.0.0.1", nobody.getLocalPort(), "orders", "app", Optional.empty(), Tls.PREFER, 1);

      Cli.Result result = new Cli(here).on(asked).expect(12, "create-backup");

      assertThat(result.err()).contains("cannot write to the folder of the backups");
      nobody.setSoTimeout(1);
      assertThatThrownBy(nobody::accept).isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(Files.readString(here.resolve("backups"))).isEqualTo("a file");
  }

  @Test
  void aServerThatIsNotThereLeavesNothing() {
    Target down =
        new Target("localhost", 1, target.database(), "app", Optional.empty(), Tls.PREFER, 2);
    assertThat(new Cli(here).on(down).expect(12, "create-backup").err())
        .contains("cannot connect to ");
    assertThat(Backups.files(here.resolve("backups"))).isEmpty();
  }
}
