package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.support.Certificate;
import dev.belay.support.Cluster;
import dev.belay.support.Programs;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JDBC and libpq succeed and fail together, and are encrypted together. */
@Timeout(120)
class TlsIT {
  private static final ServerInfo SERVER = new ServerInfo(150_000, "15.0", false);
  private static final String ENCRYPTED =
      "select ssl::text from pg_catalog.pg_stat_ssl where pid = pg_catalog.pg_backend_pid()";

  private static Path folder;
  private static Certificate own;
  private static Certificate other;
  private static Certificate client;
  private static Cluster secure;
  private static Cluster plain;

  @BeforeAll
  static void start(@TempDir Path temporary) {
    folder = temporary;
    own = Certificate.make(folder, "server", "localhost");
    other = Certificate.make(folder, "other", "localhost");
    client = Certificate.make(folder, "client", "app");
    secure =
        Cluster.with()
            .tls(own)
            .setting("ssl_ca_file", client.certificate().toString())
            .rule("hostssl all app all cert")
            .rule("host all all all trust")
            .start();
    plain = Cluster.with().rule("host all all all trust").start();
    try (Database database = new JdbcDatabases("belay-test").open(secure.admin())) {
      database.execute("create role app login");
    }
  }

  @AfterAll
  static void stop() {
    secure.close();
    plain.close();
  }

  @ParameterizedTest(name = "server {0}, host {1}, sslmode {2}, root {3}: {4}")
  @CsvSource({
    "secure, localhost, disable,     none,    false",
    "secure, localhost, allow,       none,    false",
    "secure, localhost, prefer,      none,    true",
    "secure, localhost, prefer,      right,   true",
    "secure, localhost, prefer,      wrong,   true",
    "secure, localhost, require,     none,    true",
    "secure, localhost, require,     right,   true",
    "secure, localhost, require,     wrong,   refused",
    "secure, localhost, require,     missing, refused",
    "secure, localhost, verify-ca,   right,   true",
    "secure, localhost, verify-ca,   wrong,   refused",
    "secure, localhost, verify-ca,   missing, refused",
    "secure, localhost, verify-ca,   none,    refused",
    "secure, localhost, verify-full, right,   true",
    "secure, localhost, verify-full, wrong,   refused",
    "secure, 127.0.0.1, verify-ca,   right,   true",
    "secure, 127.0.0.1, verify-full, right,   refused",
    "plain,  localhost, disable,     none,    false",
    "plain,  localhost, prefer,      none,    false",
    "plain,  localhost, require,     none,    refused",
    "plain,  localhost, verify-ca,   right,   refused",
    "plain,  localhost, verify-full, right,   refused"
  })
  void bothAgree(String server, String host, String mode, String root, String expected) {
    Cluster cluster = server.equals("secure") ? secure : plain;
    Tls tls = new Tls(mode, root(root), Optional.empty(), Optional.empty());
    Target target = cluster.target(host, "postgres", null, tls);
    assertThat(byJdbc(target)).as("JDBC").isEqualTo(expected);
    assertThat(byLibpq(target)).as("libpq").isEqualTo(expected);
  }

  @ParameterizedTest(name = "client certificate {0}: {1}")
  @CsvSource({"client, true", "other, refused", "none, refused"})
  void bothShowTheClientsCertificate(String name, String expected) {
    Optional<Certificate> shown =
        switch (name) {
          case "client" -> Optional.of(client);
          case "other" -> Optional.of(other);
          default -> Optional.empty();
        };
    Tls tls =
        new Tls(
            "verify-full",
            root("right"),
            shown.map(pair -> pair.certificate().toString()),
            shown.map(pair -> pair.key().toString()));
    Target target = secure.target("localhost", "app", null, tls);
    assertThat(byJdbc(target)).as("JDBC").isEqualTo(expected);
    assertThat(byLibpq(target)).as("libpq").isEqualTo(expected);
  }

  private static Optional<String> root(String name) {
    return switch (name) {
      case "right" -> Optional.of(own.certificate().toString());
      case "wrong" -> Optional.of(other.certificate().toString());
      case "missing" -> Optional.of(folder.resolve("missing.crt").toString());
      default -> Optional.empty();
    };
  }

  private static String byJdbc(Target target) {
    try (Database database = new JdbcDatabases("belay-test").open(target)) {
      return database.text(ENCRYPTED);
    } catch (Failure failure) {
      assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(failure.message()).doesNotContain("\n").doesNotContain("null").doesNotEndWith(".");
      assertThat(failure.hint()).contains("sslmode");
      return "refused";
    }
  }

  private static String byLibpq(Target target) {
    Programs.Result result =
        Programs.run(
            LibpqEnvironment.of(target, "belay-child", SERVER),
            LibpqEnvironment.removed(),
            "psql",
            "--no-password",
            "-XAtc",
            ENCRYPTED);
    return result.status() == 0 ? result.out().strip() : "refused";
  }
}
