package dev.belay.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessResult;
import dev.belay.process.ProcessRunner;
import dev.belay.support.PgVariables;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JDBC, psql and pg_dump reach the same server with what was resolved. */
class ConfigurationIT {
  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");
  private static final String WHO =
      "select pg_catalog.format('%s|%s|%s|%s', current_database(), current_user,"
          + " inet_server_port(), pg_catalog.pg_postmaster_start_time())";

  private final Target admin = TestServer.admin();
  private Path root;
  private Target fresh;

  @BeforeEach
  void makeDatabase(@TempDir Path folder) {
    root = folder;
    fresh = TestServer.fresh("config");
  }

  @AfterEach
  void dropDatabase() {
    TestServer.drop(fresh);
  }

  @ParameterizedTest
  @ValueSource(strings = {"variables", "uri", "jdbc", "keywords", "service", "file"})
  void everyProgramReachesTheSameServer(String form) throws IOException {
    Target target = machine(form).target();

    String jdbc;
    try (Database database = new JdbcDatabases("belay-test").open(target)) {
      database.execute("set timezone to 'UTC'");
      jdbc = database.text(WHO);
    }
    ProcessResult psql =
        run(
            target,
            "psql",
            "--no-psqlrc",
            "--no-password",
            "-At",
            "-c",
            "set timezone to 'UTC'",
            "-c",
            WHO);

    assertThat(psql.status()).as(psql.tail()).isZero();
    assertThat(Files.readString(psql.log())).endsWith("\nSET\n" + jdbc + "\n");
    assertThat(jdbc).startsWith(fresh.database() + "|" + admin.user() + "|");
  }

  @Test
  void dumpsTheDatabaseThatJdbcWroteTo() throws IOException {
    Target target = machine("uri").target();
    try (Database database = new JdbcDatabases("belay-test").open(target)) {
      database.execute("create table public.only_here (a int)");
    }

    ProcessResult dump = run(target, "pg_dump", "--no-password", "--schema-only");

    assertThat(dump.status()).as(dump.tail()).isZero();
    assertThat(Files.readString(dump.log())).contains("CREATE TABLE public.only_here");
  }

  /** The database, named to Belay in one of the ways there are; the password by .pgpass. */
  private Machine machine(String form) {
    String password = admin.password().map(Secret::reveal).orElse("unused");
    String name = encoded(fresh.database());
    String address = admin.host() + ":" + admin.port();
    String quoted = fresh.database().replace("\\", "\\\\").replace("'", "\\'");
    Machine machine = new Machine(root);
    machine.homeFile(".pgpass", "*:*:*:*:" + password.replace("\\", "\\\\").replace(":", "\\:"));
    return switch (form) {
      case "variables" ->
          machine
              .with("PGHOST", admin.host())
              .with("PGPORT", String.valueOf(admin.port()))
              .with("PGUSER", admin.user())
              .with("PGDATABASE", fresh.database());
      case "uri" -> machine.url("postgresql://" + admin.user() + "@" + address + "/" + name);
      case "jdbc" ->
          machine.with(
              "BELAY_URL", "jdbc:postgresql://" + address + "/" + name + "?user=" + admin.user());
      case "keywords" ->
          machine.url(
              "host="
                  + admin.host()
                  + " port="
                  + admin.port()
                  + " user="
                  + admin.user()
                  + " dbname='"
                  + quoted
                  + "'");
      case "service" ->
          machine
              .homeFile(
                  ".pg_service.conf",
                  "[here]\nhost=%s\nport=%d\nuser=%s\ndbname=%s\n"
                      .formatted(admin.host(), admin.port(), admin.user(), fresh.database()))
              .with("PGSERVICE", "here");
      default ->
          machine.file(
              "belay.yaml",
              "host: %s\nport: %d\nuser: %s\ndatabase: '%s'\n"
                  .formatted(
                      admin.host(),
                      admin.port(),
                      admin.user(),
                      fresh.database().replace("'", "''")));
    };
  }

  private ProcessResult run(Target target, String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(PROGRAMS.resolve(program).toString());
    command.addAll(List.of(arguments));
    Map<String, String> environment = PgVariables.of(target);
    environment.put("PGSSLMODE", target.tls().mode());
    Set<String> removed =
        System.getenv().keySet().stream()
            .filter(name -> name.startsWith("PG") && !environment.containsKey(name))
            .collect(Collectors.toSet());
    try {
      Path log = Files.createTempFile(root, program, ".log");
      return new ProcessRunner()
          .run(new ProcessCall(command, environment, removed, log, Duration.ZERO, () -> 0));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
