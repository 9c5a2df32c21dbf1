package dev.belay.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time for which a value was beyond its limit.
 *
 * @param threshold which one
 * @param unit of limit and values
 * @param value with which it began
 * @param peak the worst value
 * @param endedAt null: it was not over when the watch ended
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Breach(
    String threshold,
    String unit,
    double limit,
    double value,
    double peak,
    Instant beganAt,
    @Nullable Instant endedAt) {

  Breach worse(double now) {
    return new Breach(threshold, unit, limit, value, Math.max(peak, now), beganAt, endedAt);
  }

  Breach over(Instant at) {
    return new Breach(threshold, unit, limit, value, peak, beganAt, at);
  }

  Measure measure() {
    return Measure.of(threshold);
  }

  /** {@code response 1.2 s, limit 1.0 s}. */
  String words() {
    return "%s %s, limit %s".formatted(threshold, measure().shown(value), measure().shown(limit));
  }
}
