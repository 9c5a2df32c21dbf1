package dev.belay.drill;

import dev.belay.archive.DrillRecord;
import dev.belay.core.Units;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Whether recovery takes longer than it did: the middle of the newer half of the last drills
 * against the middle of the older half, so that one slow night is no trend.
 *
 * @param drills how many of them restored something
 * @param millisBefore the recovery time of the older half
 * @param millisNow that of the newer half
 * @param secondsPerGigabyteBefore likewise
 * @param secondsPerGigabyteNow likewise
 * @param direction {@code grows}, {@code falls} or {@code steady}: of the recovery time
 * @param rate the same of the time for each gigabyte
 */
public record Trend(
    int drills,
    long millisBefore,
    long millisNow,
    double secondsPerGigabyteBefore,
    double secondsPerGigabyteNow,
    String direction,
    String rate) {
  private static final int LAST = 10;
  private static final int FEWEST = 4;
  private static final double NOTABLE = 0.2;

  /** That of some drills, the oldest first; empty where there are fewer than four. */
  static Optional<Trend> of(List<DrillRecord> drills) {
    List<DrillRecord> restored =
        drills.stream().filter(each -> each.bytes() > 0 && each.recoveryMillis() > 0).toList();
    List<DrillRecord> last = restored.subList(Math.max(0, restored.size() - LAST), restored.size());
    if (last.size() < FEWEST) {
      return Optional.empty();
    }
    List<DrillRecord> older = last.subList(0, last.size() / 2);
    List<DrillRecord> newer = last.subList(last.size() - last.size() / 2, last.size());
    double before = median(older, DrillRecord::recoveryMillis);
    double now = median(newer, DrillRecord::recoveryMillis);
    double rateBefore = median(older, DrillRecord::secondsPerGigabyte);
    double rateNow = median(newer, DrillRecord::secondsPerGigabyte);
    return Optional.of(
        new Trend(
            last.size(),
            Math.round(before),
            Math.round(now),
            rateBefore,
            rateNow,
            direction(before, now),
            direction(rateBefore, rateNow)));
  }

  private static double median(List<DrillRecord> some, ToDoubleFunction<DrillRecord> of) {
    double[] sorted = some.stream().mapToDouble(of).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String direction(double before, double now) {
    if (now > before * (1 + NOTABLE)) {
      return "grows";
    }
    return now < before / (1 + NOTABLE) ? "falls" : "steady";
  }

  /** For a person. */
  String words() {
    return String.format(
        Locale.ROOT,
        "recovery time %s: %s, was %s; per GB it %s: %.1f s, was %.1f s (last %d drills)",
        direction.equals("steady") ? "is steady" : direction,
        Units.duration(Duration.ofMillis(millisNow)),
        Units.duration(Duration.ofMillis(millisBefore)),
        rate.equals("steady") ? "is steady" : rate,
        secondsPerGigabyteNow,
        secondsPerGigabyteBefore,
        drills);
  }
}
