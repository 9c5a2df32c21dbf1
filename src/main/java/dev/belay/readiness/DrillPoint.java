package dev.belay.readiness;

import dev.belay.archive.DrillHistory;
import dev.belay.archive.DrillRecord;
import dev.belay.core.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether going back was practised not long ago, and worked. It stands in nobody's way: what is not
 * practised may work all the same.
 */
final class DrillPoint {
  private static final String HINT = "belay drill";

  private DrillPoint() {}

  static Point look(Look look) {
    DrillHistory history = new DrillHistory(look.settings().folders().migrationMonitoring());
    List<DrillRecord> drills = history.of(look.target().toString());
    Duration oldest = look.limits().drillMaxAge();
    String limit = "younger than %s and proven".formatted(Units.duration(oldest));
    if (drills.isEmpty()) {
      return Point.warning(
          Topic.DRILL,
          "never, as far as %s says".formatted(history.file()),
          limit,
          List.of("no backup was restored for practice, and nobody knows how long that takes"),
          HINT);
    }
    DrillRecord last = drills.get(drills.size() - 1);
    Optional<DrillRecord> proven =
        drills.stream().filter(DrillRecord::proven).reduce((earlier, later) -> later);
    proven.ifPresent(
        drill ->
            look.measured(
                "belay_drill_proven_timestamp_seconds",
                "When the last drill was in which everything was proven.",
                (double) drill.at().getEpochSecond()));
    List<String> findings = new ArrayList<>();
    if (!last.proven()) {
      findings.add(unproven(last));
      findings.add(
          proven
              .map(drill -> "the last that was proven: " + Units.moment(drill.at()))
              .orElse("none was ever proven"));
    }
    if (age(last).compareTo(oldest) > 0) {
      findings.add("it is older than " + Units.duration(oldest));
    }
    String value = value(last);
    return findings.isEmpty()
        ? Point.passed(Topic.DRILL, value, limit)
        : Point.warning(Topic.DRILL, value, limit, findings, HINT);
  }

  private static Duration age(DrillRecord drill) {
    return Duration.between(drill.at(), Instant.now());
  }

  private static String value(DrillRecord last) {
    String took =
        last.bytes() > 0
            ? "back at a proven state in "
                + Units.duration(Duration.ofMillis(last.recoveryMillis()))
            : "no backup was restored";
    return "%s ago, %s, %s"
        .formatted(Units.duration(age(last).abs()), last.proven() ? "proven" : "not proven", took);
  }

  private static String unproven(DrillRecord last) {
    return last.findings() > 0
        ? "it found something in %s: belay drill --history"
            .formatted(Units.count(last.findings(), "part", "parts"))
        : "it found nothing, and could not check everything";
  }
}
