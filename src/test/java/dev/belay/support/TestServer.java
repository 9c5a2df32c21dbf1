package dev.belay.support;

import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.swap.Replaced;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The one PostgreSQL server of a test run: BELAY_TEST_URL when set, else a container when an engine
 * answers, else an embedded one. Says which at its start, so that no run is unclear about it.
 */
public final class TestServer {
  /** A busy machine takes its time. */
  private static final Duration STARTUP = Duration.ofMinutes(1);

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static @Nullable Target admin;

  private TestServer() {}

  /**
   * The server's database {@code postgres}, as a superuser. Where it does not start, each test says
   * why, and the next one tries it again.
   */
  public static synchronized Target admin() {
    Target known = admin;
    if (known == null) {
      known = start();
      admin = known;
    }
    return known;
  }

  /** A new empty database with a hostile name; drop it with {@link #drop}. */
  public static Target fresh(String hint) {
    String name = hint + " \"Ü;' " + NUMBER.incrementAndGet() + "_" + ProcessHandle.current().pid();
    return create(name);
  }

  /** A new empty database of exactly that name. */
  public static Target create(String name) {
    try (Database database = new JdbcDatabases("belay-test").open(admin())) {
      database.execute("create database " + new Identifier(name) + " template template0");
    }
    return admin().withDatabase(name);
  }

  /**
   * Waits until the server has seen that a killed run is gone: on a busy machine it notices some
   * time after the process ended.
   */
  public static void awaitEndOfSessions(RunId dead) {
    await(
        "select not exists (select from pg_stat_activity where strpos(application_name, ?) > 0)",
        dead.text());
  }

  /**
   * Waits until the server has seen that every run is gone, whatever their ids; what children of a
   * killed one still do there is left to the next run.
   */
  public static void awaitEndOfRuns() {
    await(
        "select not exists (select from pg_stat_activity where application_name ~ '^belay:[0-9a-f]{12}$')");
  }

  /** Waits until the server has seen that nobody is with the database any more. */
  public static void awaitEndOfSessions(Target with) {
    await("select not exists (select from pg_stat_activity where datname = ?)", with.database());
  }

  private static void await(String condition, Object... parameters) {
    try (Database database = new JdbcDatabases("belay-test").open(admin())) {
      await(database, condition, parameters);
    }
  }

  /**
   * Asks again and again until the answer is yes. For what the server shows of a session that was
   * closed, ended or killed: its process goes, with its locks, a moment after the client has.
   */
  public static void await(Database session, String condition, Object... parameters) {
    Await.until(
        condition + " " + Arrays.toString(parameters), () -> session.test(condition, parameters));
  }

  /** Drops a database, whoever uses it, and what replays of its migrations kept. */
  public static void drop(Target target) {
    try (Database database = new JdbcDatabases("belay-test").open(admin())) {
      database
          .list(
              "select datname from pg_database where datname like 'belay\\_template\\_%'"
                  + " and strpos(shobj_description(oid, 'pg_database'), ?) > 0",
              row -> row.getString(1),
              "\"of\":" + Json.MAPPER.writeValueAsString(target.database()))
          .forEach(
              kept ->
                  database.execute(
                      "drop database if exists " + new Identifier(kept) + " with (force)"));
      database.execute(
          "drop database if exists " + new Identifier(target.database()) + " with (force)");
    }
  }

  /** Drops the databases that restores of a database have put aside. */
  public static void dropReplaced(Target of) {
    try (Database database = new JdbcDatabases("belay-test").open(admin())) {
      Replaced.list(database).stream()
          .filter(replaced -> replaced.of().equals(of.database()))
          .forEach(replaced -> drop(of.withDatabase(replaced.name())));
    }
  }

  private static Target start() {
    String url = System.getenv("BELAY_TEST_URL");
    if (url != null) {
      return announce("BELAY_TEST_URL", ofUrl(URI.create(url)));
    }
    if (engineAnswers()) {
      return container();
    }
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setPGStartupWait(STARTUP)
              .setDataDirectory(DataFolder.create())
              .setCleanDataDirectory(true)
              .setServerConfig("max_connections", "200")
              .setServerConfig("max_prepared_transactions", "10")
              .setServerConfig("wal_level", "logical")
              .setServerConfig("fsync", "off")
              .setServerConfig("shared_buffers", "64MB")
              .setServerConfig("max_wal_size", "256MB")
              .start();
      Target target =
          new Target(
              "localhost",
              server.getPort(),
              "postgres",
              "postgres",
              Optional.empty(),
              Tls.PREFER,
              10);
      return announce("an embedded server", target);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  @SuppressWarnings("resource")
  private static Target container() {
    PostgreSQLContainer container =
        new PostgreSQLContainer("postgres:15")
            .withCommand(
                "postgres", "-c", "max_prepared_transactions=10", "-c", "wal_level=logical");
    container.start();
    return announce(
        "a container",
        new Target(
            container.getHost(),
            container.getMappedPort(5432),
            "postgres",
            container.getUsername(),
            Optional.of(new Secret(container.getPassword())),
            Tls.PREFER,
            10));
  }

  private static boolean engineAnswers() {
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } catch (RuntimeException noEngine) {
      return false;
    }
  }

  private static Target ofUrl(URI url) {
    String[] user = url.getUserInfo().split(":", 2);
    return new Target(
        url.getHost(),
        url.getPort() < 0 ? 5432 : url.getPort(),
        "postgres",
        user[0],
        user.length > 1 ? Optional.of(new Secret(user[1])) : Optional.empty(),
        Tls.PREFER,
        10);
  }

  private static Target announce(String what, Target target) {
    System.err.println("tests run on " + what + ": " + target);
    return target;
  }
}
