package dev.belay.config;

import dev.belay.core.Failure;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a host and a port must be like. */
final class Addresses {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._:%-]{1,255}");
  private static final Pattern DIGITS = Pattern.compile("\\d{1,5}");

  private Addresses() {}

  /**
   * Checks the host and port among the parts of a source.
   *
   * @throws Failure USAGE; it shows neither, since in a malformed URL they may be something else
   */
  static void check(Parts parts, String source) {
    Given host = parts.get(ConnectionPart.HOST);
    Given port = parts.get(ConnectionPart.PORT);
    if (host != null) {
      checkHost(host.text(), host.source());
    }
    if (port != null && port.text().indexOf(',') >= 0) {
      throw several(source);
    }
    if (port != null && !isPort(port.text())) {
      throw Failure.usage(
          port.source() + ": the port is not a number from 1 to 65535",
          "name the port of the server, such as 5432; in a URL, write : in a password as %3A");
    }
  }

  private static void checkHost(String host, String source) {
    if (host.indexOf(',') >= 0) {
      throw several(source);
    }
    if (host.startsWith("@")) {
      throw Failure.usage(
          source + " names an abstract Unix socket, which JDBC cannot reach",
          "name the folder of the socket, such as /var/run/postgresql");
    }
    if (!host.startsWith("/") && !NAME.matcher(host).matches()) {
      throw Failure.usage(
          source + ": the host has a character that no host name has (it is not shown)",
          "name the host alone, such as db1.example.org; " + ConnectionText.ENCODE);
    }
  }

  private static boolean isPort(@Nullable String text) {
    if (text == null || !DIGITS.matcher(text).matches()) {
      return false;
    }
    int number = Integer.parseInt(text);
    return number >= 1 && number <= 65535;
  }

  /** Several hosts are an open question: which of them would be changed? */
  static Failure several(String source) {
    return Failure.usage(
        source + " names several hosts, and belay protects one server at a time",
        "name the host of the primary alone");
  }
}
