package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.support.Cluster;
import dev.belay.support.Programs;
import dev.belay.support.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Addresses, passwords and everything that keeps a session from beginning. */
@Timeout(120)
class ConnectingIT {
  private static final String CANARY = "c4n4ry'\\ \"ü€:@/%20";
  private static final ServerInfo SERVER = new ServerInfo(150_000, "15.0", false);
  private static Cluster cluster;

  private final Databases databases = new JdbcDatabases("belay-test");

  @BeforeAll
  static void start() {
    cluster =
        Cluster.with()
            .setting("max_connections", "8")
            .setting("superuser_reserved_connections", "3")
            .rule("local all all peer map=anybody")
            .rule("host all all all scram-sha-256")
            .start();
    try (Database database = new JdbcDatabases("belay-test").open(cluster.admin())) {
      database.execute("create role app login password " + Identifier.literal(CANARY));
      database.execute("create database \"a=b 'c' \\ü\"");
      database.execute("create database closed");
      database.execute("revoke connect on database closed from public");
      database.execute("create table public.guarded (n integer)");
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void reachesTheServerThroughASocketWhoseFolderHasABlank() {
    Target target = cluster.target(cluster.socketFolder().toString(), "postgres", null, Tls.PREFER);
    String question = "select coalesce(inet_server_addr()::text, 'socket')";
    try (Database database = databases.open(target)) {
      assertThat(database.text(question)).isEqualTo("socket");
    }
    assertThat(psql(target, question).out()).isEqualTo("socket\n");
  }

  @Test
  void saysThatNobodyListensAtASocket() {
    Target target = cluster.target("/tmp/no such folder", "postgres", null, Tls.PREFER);
    assertThatThrownBy(() -> databases.open(target))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
              assertThat(failure.message()).contains("/tmp/no such folder/.s.PGSQL.");
              assertThat(failure.hint()).contains("server");
            });
  }

  @Test
  void aHostilePasswordAndAHostileNameReachTheServerByBothWays() {
    Target target = cluster.as("app", CANARY, Tls.PREFER).withDatabase("a=b 'c' \\ü");
    try (Database database = databases.open(target)) {
      assertThat(database.text("select current_database()")).isEqualTo(target.database());
    }
    assertThat(psql(target, "select current_database()").out()).isEqualTo(target.database() + "\n");
    assertThat(
            psql(target, "select 1", "--dbname", LibpqEnvironment.databaseArgument(target)).out())
        .isEqualTo("1\n");
  }

  @Test
  void theTimeoutsOfARoleDoNotReachAChild() {
    try (Database admin = databases.open(cluster.admin())) {
      admin.execute("create role hasty login password 'x'");
      admin.execute("alter role hasty set statement_timeout = '50ms'");
      admin.execute("alter role hasty set default_transaction_read_only = on");
    }
    Target target = cluster.as("hasty", "x", Tls.PREFER);
    assertThat(
            psql(
                    target,
                    "select current_setting('statement_timeout'),"
                        + " current_setting('default_transaction_read_only'),"
                        + " current_setting('application_name')")
                .out())
        .isEqualTo("0|off|belay-child\n");
  }

  @Test
  void aChildTakesNothingFromTheOperatorsEnvironment() {
    Target target = cluster.as("app", CANARY, Tls.PREFER);
    Map<String, String> hostile = new TreeMap<>();
    for (String name : LibpqEnvironment.removed()) {
      hostile.put(name, "no-such-thing");
    }
    LibpqEnvironment.removed().forEach(hostile::remove);
    hostile.putAll(LibpqEnvironment.of(target, "belay-child", SERVER));
    assertThat(psql(hostile, "select 1").out()).isEqualTo("1\n");
  }

  @Test
  void aChildSpeaksTheDatabasesOwnEncodingSinceBytesOfSqlAsciiFitNoOther() {
    try (Database admin = databases.open(cluster.admin())) {
      admin.execute("create database bytes encoding 'SQL_ASCII' locale 'C' template template0");
    }
    Target target = cluster.admin().withDatabase("bytes");
    Map<String, String> environment = LibpqEnvironment.of(target, "belay-child", SERVER);
    assertThat(psql(environment, "create table t as select E'\\xff'::text as b").status()).isZero();
    assertThat(psql(environment, "select octet_length(b), b from t").status()).isZero();
    Map<String, String> utf8 = new TreeMap<>(environment);
    utf8.put("PGCLIENTENCODING", "UTF8");
    assertThat(psql(utf8, "select b from t").err()).contains("invalid byte sequence");
  }

  @Test
  void aWrongPasswordIsToldByBothWaysAndShownByNeither() {
    Target target = cluster.as("app", "wrong-" + CANARY, Tls.PREFER);
    Failure failure = refusal(target);
    assertThat(failure.message())
        .contains("password authentication failed for user \"app\"")
        .doesNotContain("c4n4ry");
    assertThat(failure.hint()).contains("PGPASSWORD");
    Programs.Result result = psql(target, "select 1");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("password authentication failed").doesNotContain("c4n4ry");
  }

  @Test
  void aMissingPasswordIsNeverAskedFor() {
    Target target = cluster.as("app", null, Tls.PREFER);
    Failure failure = refusal(target);
    assertThat(failure.message())
        .endsWith("the server asks user \"app\" for a password, and none is configured");
    assertThat(failure.hint()).contains("PGPASSWORD");
    assertThat(psql(target, "select 1").err()).contains("no password supplied");
  }

  @Test
  void aDatabaseThatMayNotBeEnteredIsNotAWrongPassword() {
    Failure failure = refusal(cluster.as("app", CANARY, Tls.PREFER).withDatabase("closed"));
    assertThat(failure.message()).contains("permission denied for database");
    assertThat(failure.hint()).isEqualTo("grant CONNECT on the database, or use another user");
  }

  @Test
  void aServerThatIsDownSaysWhichAddressWasTried() {
    Target target = new Target("127.0.0.1", 1, "x", "y", cluster.admin().password(), Tls.PREFER, 2);
    Failure failure = refusal(target);
    assertThat(failure.message()).isEqualTo("cannot connect to x@127.0.0.1:1: connection refused");
    assertThat(failure.hint()).contains("belay config");
  }

  @Test
  void anUnknownHostIsNamed() {
    Target target =
        new Target("no-such-host.invalid", 1, "x", "y", cluster.admin().password(), Tls.PREFER, 2);
    assertThat(refusal(target).message()).endsWith("the host name is not known");
  }

  @Test
  void tooManyConnectionsAreToldWithoutARetry() {
    List<Database> open = new ArrayList<>();
    try {
      assertThatThrownBy(
              () -> {
                while (open.size() < 9) {
                  open.add(databases.open(cluster.as("app", CANARY, Tls.PREFER)));
                }
              })
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(SqlState.TOO_MANY_CONNECTIONS.isOf(failure)).isTrue();
                assertThat(failure.hint())
                    .isEqualTo("end sessions that are not needed, or lower --jobs");
              });
    } finally {
      open.forEach(Database::close);
      awaitEndOfSessions();
    }
  }

  @Test
  void aMissingPrivilegeIsUnavailableAndNamesTheTable() {
    try (Database database = databases.open(cluster.as("app", CANARY, Tls.PREFER))) {
      assertThatThrownBy(() -> database.number("select count(*) from public.guarded"))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
                assertThat(failure.message()).contains("permission denied for table guarded");
              });
    }
  }

  /** Until then there is no room for those of the next test. */
  private void awaitEndOfSessions() {
    try (Database session = databases.open(cluster.admin())) {
      TestServer.await(
          session, "select not exists (select from pg_stat_activity where usename = 'app')");
    }
  }

  private Failure refusal(Target target) {
    try (Database unexpected = databases.open(target)) {
      throw new AssertionError("it let us in as " + unexpected.target());
    } catch (Failure failure) {
      assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      return failure;
    }
  }

  private static Programs.Result psql(Target target, String question, String... more) {
    return psql(LibpqEnvironment.of(target, "belay-child", SERVER), question, more);
  }

  private static Programs.Result psql(
      Map<String, String> environment, String question, String... more) {
    List<String> command =
        new ArrayList<>(List.of("psql", "--no-password", "-X", "-A", "-t", "-c", question));
    command.addAll(List.of(more));
    return Programs.run(environment, LibpqEnvironment.removed(), command.toArray(new String[0]));
  }
}
