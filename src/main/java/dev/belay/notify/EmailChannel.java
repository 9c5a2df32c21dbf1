package dev.belay.notify;

import dev.belay.core.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Sends mail by SMTP.
 *
 * @param user empty: without logging in
 */
record EmailChannel(
    String host,
    int port,
    Security security,
    Optional<String> user,
    Optional<Secret> password,
    String from,
    List<String> to,
    Optional<Path> rootCert)
    implements Channel {

  /** How the connection is encrypted. */
  enum Security {
    /** Begins in plain, and goes on only encrypted. */
    STARTTLS(587),
    /** From the first byte. */
    TLS(465),
    /** Not at all. */
    NONE(25);

    private final int port;

    Security(int port) {
      this.port = port;
    }

    int port() {
      return port;
    }
  }

  /** The library is loaded here, and not before. */
  @Override
  public String send(Message message, Effort effort) {
    return effort.run(time -> new Smtp(this).send(message, time));
  }

  @Override
  public String place() {
    return host + ":" + port;
  }

  @Override
  public String toString() {
    return "mail by " + place();
  }
}
