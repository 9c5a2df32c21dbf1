package dev.belay.core;

import java.util.Optional;

/**
 * How a connection is encrypted, in libpq's words, so that JDBC and pg_dump get the very same.
 *
 * @param mode disable, allow, prefer, require, verify-ca or verify-full
 * @param rootCertificate path of the file of trusted certificates
 * @param certificate path of the client's certificate
 * @param key path of the client's key
 */
public record Tls(
    String mode,
    Optional<String> rootCertificate,
    Optional<String> certificate,
    Optional<String> key) {
  /** libpq's default. */
  public static final Tls PREFER =
      new Tls("prefer", Optional.empty(), Optional.empty(), Optional.empty());
}
