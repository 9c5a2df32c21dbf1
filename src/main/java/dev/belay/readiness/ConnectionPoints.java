package dev.belay.readiness;

import dev.belay.core.Identifier;
import dev.belay.core.Units;
import dev.belay.readiness.ReadinessQueries.Sessions;
import java.util.List;
import java.util.Locale;

/** Whether the server has room for the sessions of a way back. */
final class ConnectionPoints {
  /** Beside the parallel ones: the lock, the swap, the verification, the program's own. */
  private static final int MORE_THAN_JOBS = 4;

  private ConnectionPoints() {}

  static Point active(Look look) {
    Sessions sessions = ReadinessQueries.sessions(look.database());
    double most = look.limits().activeSessions();
    String limit = "at most %s of the connections".formatted(percent(most));
    String value = "%d of %d connections are at work".formatted(sessions.active(), sessions.most());
    if (share(sessions.active(), sessions) > most) {
      return Point.failed(
          Topic.ACTIVE_SESSIONS,
          value,
          limit,
          List.of("a way back would be slow, and make the application slower"),
          "wait, or see what they do with: select pid, query from pg_stat_activity");
    }
    if (share(sessions.active() + sessions.hidden(), sessions) > most) {
      return Point.notChecked(
          Topic.ACTIVE_SESSIONS,
          value
              + ", and of %d more this role may not see whether they are"
                  .formatted(sessions.hidden()),
          "grant pg_read_all_stats to " + new Identifier(look.target().user()));
    }
    return Point.passed(Topic.ACTIVE_SESSIONS, value, limit);
  }

  static Point taken(Look look) {
    Sessions sessions = ReadinessQueries.sessions(look.database());
    double most = look.limits().connections();
    look.measured("belay_connections", "Connections that are taken.", (double) sessions.taken());
    look.measured(
        "belay_connections_max", "Connections that there can be.", (double) sessions.most());
    int needed = look.settings().jobs() + MORE_THAN_JOBS;
    String limit = "at most %s, and %d free".formatted(percent(most), needed);
    String value =
        "%d of %d are taken, %d are free for %s"
            .formatted(
                sessions.taken(),
                sessions.most(),
                Math.max(0, sessions.free()),
                look.target().user());
    boolean few = sessions.free() < needed;
    return few || share(sessions.taken(), sessions) > most
        ? Point.failed(
            Topic.CONNECTIONS,
            value,
            limit,
            List.of(),
            few && sessions.free() < sessions.most() - sessions.taken()
                ? "end sessions, use fewer --set jobs=1, or raise the role's connection limit"
                : "end sessions that are not needed, or raise max_connections")
        : Point.passed(Topic.CONNECTIONS, value, limit);
  }

  private static double share(long number, Sessions sessions) {
    return 100.0 * number / Math.max(1, sessions.most());
  }

  private static String percent(double share) {
    return share == Math.rint(share)
        ? Units.count((long) share) + " %"
        : String.format(Locale.ROOT, "%.1f %%", share);
  }
}
