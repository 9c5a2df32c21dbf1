package dev.belay.postgres;

import dev.belay.core.Target;
import dev.belay.core.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the connection to a target is encrypted in fact, said once so that the JDBC driver and libpq
 * do the very same. Left alone they differ: libpq takes {@code require} for {@code verify-ca} when
 * a root certificate is there, checks it even under {@code prefer} and then falls back to plain
 * text, and both look for files in the home folder, under different names.
 *
 * @param mode disable, allow, prefer, require, verify-ca or verify-full
 * @param root path of the file of trusted certificates; there for verify-ca and verify-full only
 * @param certificate path of the client's certificate
 * @param key path of the client's key
 */
record Encryption(
    String mode, Optional<String> root, Optional<String> certificate, Optional<String> key) {

  private static final Encryption NONE =
      new Encryption("disable", Optional.empty(), Optional.empty(), Optional.empty());

  /** How this target is to be reached. A Unix socket is never encrypted, whatever the mode is. */
  static Encryption of(Target target) {
    return of(target, Path.of(System.getProperty("user.home", "/"), ".postgresql"));
  }

  /**
   * The same, with the folder in which libpq looks for certificates that are not named.
   *
   * @param folder {@code ~/.postgresql}
   */
  static Encryption of(Target target, Path folder) {
    Tls tls = target.tls();
    if (target.isUnixSocket() || tls.mode().equals("disable")) {
      return NONE;
    }
    Optional<String> root = tls.rootCertificate().or(() -> existing(folder.resolve("root.crt")));
    String mode = tls.mode().equals("require") && root.isPresent() ? "verify-ca" : tls.mode();
    Optional<String> certificate =
        tls.certificate().or(() -> existing(folder.resolve("postgresql.crt")));
    Optional<String> key =
        certificate.flatMap(
            there -> tls.key().or(() -> existing(folder.resolve("postgresql.key"))));
    return new Encryption(
        mode, mode.startsWith("verify-") ? root : Optional.empty(), certificate, key);
  }

  /** Whether the server's certificate is checked. */
  boolean verifies() {
    return mode.startsWith("verify-");
  }

  private static Optional<String> existing(Path file) {
    return Files.exists(file) ? Optional.of(file.toString()) : Optional.empty();
  }
}
