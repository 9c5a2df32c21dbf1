package dev.belay.readiness;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.monitor.Metrics;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.util.Map;
import java.util.Optional;

/**
 * What a point may look at.
 *
 * @param session the session with the target; empty when it cannot be reached
 * @param environment for PATH
 * @param metrics what is measured on the way
 */
record Look(
    Settings settings,
    Limits limits,
    ReadinessRequest request,
    Optional<Database> session,
    Databases databases,
    Map<String, String> environment,
    Metrics metrics) {

  /** Why most points cannot be looked at where the server cannot be reached. */
  static final String NO_CONNECTION = "there is no connection";

  /** What a point is asked for. */
  @FunctionalInterface
  interface Question {
    /** Looks, and changes nothing. A failure makes the point "not checked". */
    Point ask(Look look);
  }

  /** The database that is to be gone back with. */
  Target target() {
    return settings.target();
  }

  /**
   * The session with the target.
   *
   * @throws Failure UNAVAILABLE when it cannot be reached
   */
  Database database() {
    return session.orElseThrow(
        () -> Failure.unavailable(NO_CONNECTION, "see the point connection"));
  }

  /** Puts down a figure of this database. */
  void measured(String name, String help, double value) {
    metrics.gauge(name, help, Map.of("database", target().toString()), value);
  }

  /** Whether the server runs on this machine, as far as its address tells. */
  boolean isNear() {
    String host = target().host();
    return target().isUnixSocket()
        || host.equals("localhost")
        || host.equals("127.0.0.1")
        || host.equals("::1");
  }
}
