package dev.belay.undo;

import dev.belay.config.Section;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * For how long a rehearsal says how it would be now, from the section {@code rehearsal}: not when
 * it was long ago, nor when the database has grown by more than half since.
 *
 * @param maxAge how long ago it may be
 */
public record RehearsalAge(Duration maxAge) {
  private static final String SECTION = "rehearsal";
  private static final String MAX_AGE = "maxAge";
  private static final Duration LONGEST = Duration.ofDays(3660);
  private static final double GROWN = 1.5;

  /**
   * Reads it.
   *
   * @throws Failure USAGE when there is something wrong with it
   */
  public static RehearsalAge of(Settings settings) {
    Section section = settings.section(SECTION);
    section.allowOnly(List.of(MAX_AGE));
    return new RehearsalAge(section.duration(MAX_AGE, "30d", Duration.ofHours(1), LONGEST));
  }

  /**
   * Why a rehearsal is old, in words; empty: it is not. How large the database was, an earlier
   * belay did not write down.
   *
   * @param liveBytes size of the live database now
   */
  public Optional<String> old(RehearsedUndo rehearsal, long liveBytes, Instant now) {
    List<String> reasons = new ArrayList<>();
    Duration age = Duration.between(rehearsal.at(), now);
    if (age.compareTo(maxAge) > 0) {
      reasons.add(Units.duration(age) + " ago");
    }
    Long then = rehearsal.liveBytes();
    if (then != null && then > 0 && liveBytes > then * GROWN) {
      reasons.add(
          "the database has grown from %s to %s since"
              .formatted(Units.bytes(then), Units.bytes(liveBytes)));
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", reasons));
  }
}
