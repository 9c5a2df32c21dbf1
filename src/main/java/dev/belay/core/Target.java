package dev.belay.core;

import java.util.Optional;

/**
 * The database being protected, and how to reach it.
 *
 * @param host a host name, an address, or, when it begins with a slash, the folder of a Unix socket
 * @param port the TCP port, or the number in the socket's name
 * @param password none where the server asks for none, or a certificate is used
 * @param connectTimeoutSeconds how long to wait for a connection, in seconds
 */
public record Target(
    String host,
    int port,
    String database,
    String user,
    Optional<Secret> password,
    Tls tls,
    int connectTimeoutSeconds) {

  /** Whether the server is reached over a Unix socket. */
  public boolean isUnixSocket() {
    return host.startsWith("/");
  }

  /** Another database of the same server, as the same user. */
  public Target withDatabase(String name) {
    return new Target(host, port, name, user, password, tls, connectTimeoutSeconds);
  }

  /** {@code database@host:port}: what reports and failures call it. */
  @Override
  public String toString() {
    return database + "@" + host + ":" + port;
  }
}
