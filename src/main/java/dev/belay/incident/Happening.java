package dev.belay.incident;

import dev.belay.core.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in the course of an operation.
 *
 * @param tookMillis until the next one; null: it took no time, or nobody knows
 * @param facts what else is on record about it
 */
record Happening(Instant at, @Nullable Long tookMillis, String what, List<Fact> facts) {
  Happening {
    facts = List.copyOf(facts);
  }

  String took() {
    return tookMillis == null ? "" : Units.duration(Duration.ofMillis(Math.max(0, tookMillis)));
  }
}
