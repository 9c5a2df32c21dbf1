package dev.belay.readiness;

import dev.belay.core.Units;
import dev.belay.readiness.RoundTripQueries.RoundTrips;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether round trips to the server are quick, and none is lost. */
final class NetworkPoint {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private NetworkPoint() {}

  static Point look(Look look) {
    look.database();
    Limits limits = look.limits();
    RoundTrips trips =
        RoundTripQueries.measure(look.databases(), look.target(), limits.roundTrips());
    String limit =
        "at most %s, %s and 0"
            .formatted(
                Units.duration(limits.roundTripMedian()),
                Units.duration(limits.roundTripSlowest()));
    if (trips.nanos().isEmpty()) {
      return Point.failed(
          Topic.NETWORK,
          trips.lost() + " sessions were lost, and no round trip was made",
          limit,
          List.of(),
          "see what lies between: a firewall, a proxy, a server that restarts");
    }
    Duration median = at(trips, 50);
    Duration slow = at(trips, 99);
    look.measured(
        "belay_round_trip_median_seconds",
        "How long half of the round trips took at most.",
        median.toNanos() / NANOS_PER_SECOND);
    look.measured(
        "belay_round_trip_slowest_seconds",
        "How long 99 of 100 round trips took at most.",
        slow.toNanos() / NANOS_PER_SECOND);
    String value =
        "of %d round trips the median took %s, the 99th percentile %s, lost were %d"
            .formatted(trips.nanos().size(), words(median), words(slow), trips.lost());
    List<String> findings = new ArrayList<>();
    if (median.compareTo(limits.roundTripMedian()) > 0) {
      findings.add("the median is above " + Units.duration(limits.roundTripMedian()));
    }
    if (slow.compareTo(limits.roundTripSlowest()) > 0) {
      findings.add("the 99th percentile is above " + Units.duration(limits.roundTripSlowest()));
    }
    if (trips.lost() > 0) {
      findings.add("a session that is lost ends a restore or an undo");
    }
    return findings.isEmpty()
        ? Point.passed(Topic.NETWORK, value, limit)
        : Point.failed(
            Topic.NETWORK,
            value,
            limit,
            findings,
            "run belay nearer to the server, or see what lies between");
  }

  /** By the nearest rank. */
  private static Duration at(RoundTrips trips, int percent) {
    int rank = (int) Math.ceil(trips.nanos().size() * percent / 100.0);
    return Duration.ofNanos(trips.nanos().get(Math.max(0, rank - 1)));
  }

  private static String words(Duration duration) {
    return duration.toMillis() >= 10
        ? Units.duration(duration)
        : String.format(Locale.ROOT, "%.2f ms", duration.toNanos() / NANOS_PER_MILLI);
  }
}
