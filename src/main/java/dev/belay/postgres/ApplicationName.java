package dev.belay.postgres;

import java.nio.charset.StandardCharsets;

/** What a session is called in {@code pg_stat_activity}. */
final class ApplicationName {
  /** The server cuts longer ones, and pgbouncer refuses them. */
  private static final int MOST_BYTES = 63;

  private ApplicationName() {}

  /** The name as the server would keep it: ASCII, at most 63 bytes. */
  static String fit(String name) {
    String plain = name.replaceAll("[^\\x20-\\x7e]", "?");
    byte[] bytes = plain.getBytes(StandardCharsets.US_ASCII);
    return new String(bytes, 0, Math.min(bytes.length, MOST_BYTES), StandardCharsets.US_ASCII);
  }
}
