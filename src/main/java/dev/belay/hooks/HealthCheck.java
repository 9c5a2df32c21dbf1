package dev.belay.hooks;

import dev.belay.config.Masking;
import java.time.Duration;
import java.util.Optional;

/**
 * A question whose answer says whether the application works.
 *
 * @param name as reports call it, without secrets
 * @param what a URL, or a query
 * @param expect what the answer must be or contain; empty: any that is well
 * @param timeout for one try
 */
record HealthCheck(String name, Kind kind, String what, Optional<String> expect, Duration timeout) {
  /** What is asked. */
  enum Kind {
    URL,
    SQL
  }

  private static final int LONGEST_NAME = 60;

  /** One that has no name of its own. */
  static HealthCheck unnamed(Kind kind, String what, Duration timeout) {
    String shown =
        kind == Kind.URL
            ? Masking.argument(what)
            : "sql: " + Masking.text(what.replaceAll("\\s+", " ").strip());
    return new HealthCheck(
        shown.length() > LONGEST_NAME ? shown.substring(0, LONGEST_NAME - 1) + "…" : shown,
        kind,
        what,
        Optional.empty(),
        timeout);
  }
}
