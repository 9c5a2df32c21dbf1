package dev.belay.config;

import dev.belay.core.Failure;
import dev.belay.core.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Settles how a connection is encrypted, so that libpq and JDBC end up with the very same. */
final class TlsRules {
  private static final List<String> MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  private final Places places;

  TlsRules(Places places) {
    this.places = places;
  }

  /** What was settled, and how it is listed. */
  record Settled(Tls tls, List<Setting> settings) {}

  /**
   * Settles it.
   *
   * @throws Failure USAGE for a mode there is not, a file that is missing, or what JDBC cannot do
   */
  Settled settle(Parts parts, boolean socket) {
    Given mode = part(parts, ConnectionPart.SSL_MODE);
    String asked = mode.text().isEmpty() ? "prefer" : mode.text().toLowerCase(Locale.ROOT);
    if (!MODES.contains(asked)) {
      throw Failure.usage(
          mode.source() + ": sslmode is none of " + String.join(", ", MODES),
          "did you mean " + Nearest.to(asked, MODES) + "?");
    }
    Given root = root(parts, asked, socket);
    Given certificate = client(parts, ConnectionPart.SSL_CERT, "postgresql.crt");
    Given key =
        certificate.text().isEmpty()
            ? Given.of("", "default")
            : client(parts, ConnectionPart.SSL_KEY, "postgresql.key");
    String file = key.text().toLowerCase(Locale.ROOT);
    if (file.endsWith(".p12") || file.endsWith(".pfx")) {
      throw Failure.usage(
          key.source() + ": pg_dump cannot read a PKCS #12 key",
          "convert it: openssl pkcs12 -in key.p12 -nodes -nocerts -out key.pem");
    }
    boolean raised = asked.equals("require") && !root.text().isEmpty() && !socket;
    String effective = raised ? "verify-ca" : asked;
    String source =
        raised
            ? mode.source() + ": require with a root certificate means verify-ca, as in libpq"
            : mode.source();
    return new Settled(
        new Tls(effective, path(root), path(certificate), path(key)),
        List.of(
            new Setting(ConnectionPart.SSL_MODE.setting(), effective, source),
            listed(ConnectionPart.SSL_ROOT_CERT, root),
            listed(ConnectionPart.SSL_CERT, certificate),
            listed(ConnectionPart.SSL_KEY, key)));
  }

  private Given root(Parts parts, String mode, boolean socket) {
    Given given = part(parts, ConnectionPart.SSL_ROOT_CERT);
    if (given.text().equals("system")) {
      throw Failure.usage(
          given.source() + ": sslrootcert=system is more than JDBC can do",
          "name the file of your system's certificates, such as /etc/ssl/certs/ca-certificates.crt");
    }
    boolean strict = mode.equals("require") || mode.startsWith("verify");
    Given file = file(given, "root.crt");
    boolean there = !file.text().isEmpty() && Files.isRegularFile(Path.of(file.text()));
    if (there) {
      return file;
    }
    if (!socket && strict && !given.text().isEmpty()) {
      throw Failure.usage(
          given.source() + ": the root certificate " + file.text() + " does not exist",
          "name the file that your server's certificate can be checked with");
    }
    if (!socket && mode.startsWith("verify")) {
      throw Failure.usage(
          "sslmode " + mode + " needs a root certificate, and ~/.postgresql/root.crt is not there",
          "name the file with sslRootCert in belay.yaml or PGSSLROOTCERT");
    }
    return Given.of("", "default");
  }

  private Given client(Parts parts, ConnectionPart part, String standard) {
    Given given = part(parts, part);
    Given file = file(given, standard);
    if (!file.text().isEmpty() && Files.isRegularFile(Path.of(file.text()))) {
      return file;
    }
    if (!given.text().isEmpty()) {
      throw Failure.usage(
          given.source() + ": the file " + file.text() + " does not exist",
          "name the client's certificate and key, or leave " + part.keyword() + " out");
    }
    return Given.of("", "default");
  }

  private Given file(Given given, String standard) {
    return given.text().isEmpty()
        ? Given.of(places.home().resolve(".postgresql").resolve(standard).toString(), "default")
        : Given.of(
            places.resolve(given.text(), given.source()).toAbsolutePath().toString(),
            given.source());
  }

  private static Given part(Parts parts, ConnectionPart part) {
    Given given = parts.get(part);
    return given == null ? Given.of("", "default") : given;
  }

  private static Optional<String> path(Given file) {
    return file.text().isEmpty() ? Optional.empty() : Optional.of(file.text());
  }

  private static Setting listed(ConnectionPart part, Given file) {
    return new Setting(part.setting(), file.text(), file.source());
  }
}
