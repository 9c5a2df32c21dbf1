package dev.belay.monitor;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes samples of what was seen; what is counted becomes what happens in a second. */
final class Sampling {
  private DatabaseFigures before = DatabaseFigures.NONE;
  private long beforeMillis;
  private @Nullable Long firstDeadlocks;

  MonitorLine.Sample of(
      long elapsedMillis,
      MachineFigures machine,
      DatabaseEye.Look look,
      long errors,
      long warnings) {
    DatabaseFigures seen = look.figures();
    DatabaseFigures now = seen == null ? DatabaseFigures.NONE : seen;
    DatabaseFigures then = before;
    double seconds = (elapsedMillis - beforeMillis) / 1000.0;
    if (seen != null) {
      before = seen;
      beforeMillis = elapsedMillis;
      firstDeadlocks = firstDeadlocks == null ? seen.deadlocks() : firstDeadlocks;
    }
    return new MonitorLine.Sample(
        Instant.now(),
        elapsedMillis,
        one(machine.cpu()),
        one(machine.memory()),
        one(machine.disk()),
        whole(machine.diskReadBytesPerSecond()),
        whole(machine.diskWriteBytesPerSecond()),
        machine.load(),
        now.connections(),
        now.active(),
        now.waiting(),
        now.longestTransactionMillis(),
        now.replicationLagBytes(),
        now.replicationLagMillis(),
        whole(rate(now.walPosition(), then.walPosition(), seconds)),
        one(rate(now.commits(), then.commits(), seconds)),
        one(rate(now.rollbacks(), then.rollbacks(), seconds)),
        whole(rate(now.tempBytes(), then.tempBytes(), seconds)),
        difference(now.deadlocks(), firstDeadlocks),
        errors,
        warnings,
        look.gap());
  }

  /** Null also where a counter went back: the statistics were reset, or it is another server. */
  private static @Nullable Double rate(@Nullable Long now, @Nullable Long then, double seconds) {
    Long difference = difference(now, then);
    return difference == null || seconds <= 0 ? null : Double.valueOf(difference / seconds);
  }

  private static @Nullable Long difference(@Nullable Long now, @Nullable Long then) {
    return now == null || then == null || now < then ? null : Long.valueOf(now - then);
  }

  private static @Nullable Double one(@Nullable Double value) {
    return value == null ? null : Double.valueOf(Tally.rounded(value));
  }

  private static @Nullable Long whole(@Nullable Double value) {
    return value == null ? null : Long.valueOf(Math.round(value));
  }
}
