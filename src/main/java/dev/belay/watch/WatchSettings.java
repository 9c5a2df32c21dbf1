package dev.belay.watch;

import dev.belay.core.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What is measured, how often, and from where on it is a breach.
 *
 * @param probe the statement that is timed
 * @param interval from one measurement to the next
 * @param length how long to watch; empty: until somebody ends it
 * @param untilBreach end at the first breach
 * @param limits beyond which a value is bad; what is missing is not held against anything
 * @param breaches so many of the last {@code of} values must be beyond the limit
 * @param errorWindow over so many probes the share of errors is taken
 * @param coolDown for so long after a trigger none is pulled
 * @param runLimit how long a command may take
 * @param heartbeatUrl asked for while all is well; whoever knows it can pretend so
 * @param heartbeatEvery from one such request to the next
 */
public record WatchSettings(
    String probe,
    Duration interval,
    Optional<Duration> length,
    boolean untilBreach,
    Map<Measure, Double> limits,
    int breaches,
    int of,
    int errorWindow,
    Duration coolDown,
    Duration runLimit,
    Optional<Path> metricsFile,
    Optional<Path> heartbeatFile,
    Optional<Secret> heartbeatUrl,
    Duration heartbeatEvery) {
  /** After so long a probe is ended where there is no limit of its own. */
  private static final Duration LONGEST_PROBE = Duration.ofSeconds(10);

  public WatchSettings {
    limits = Map.copyOf(limits);
  }

  /** A probe is ended after so long. */
  Duration probeLimit() {
    Double millis = limits.get(Measure.RESPONSE);
    return millis == null ? LONGEST_PROBE : Duration.ofMillis(Math.round(millis));
  }
}
