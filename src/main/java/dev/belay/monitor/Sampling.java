package dev.belay.monitor;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes samples of what was seen; what is counted becomes what happens in a second. */
final class Sampling {
  private @Nullable DatabaseFigures before;
  private long beforeMillis;
  private @Nullable Long firstDeadlocks;

  MonitorLine.Sample of(
      long elapsedMillis,
      MachineFigures machine,
      DatabaseEye.Look look,
      long errors,
      long warnings) {
    DatabaseFigures now = look.figures();
    DatabaseFigures then = before;
    double seconds = (elapsedMillis - beforeMillis) / 1000.0;
    boolean both = now != null && then != null && seconds > 0;
    if (now != null) {
      before = now;
      beforeMillis = elapsedMillis;
      firstDeadlocks = firstDeadlocks == null ? now.deadlocks() : firstDeadlocks;
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
        now == null ? null : now.connections(),
        now == null ? null : now.active(),
        now == null ? null : now.waiting(),
        now == null ? null : now.longestTransactionMillis(),
        now == null ? null : now.replicationLagBytes(),
        now == null ? null : now.replicationLagMillis(),
        both ? whole(rate(now.walPosition(), then.walPosition(), seconds)) : null,
        both ? one(rate(now.commits(), then.commits(), seconds)) : null,
        both ? one(rate(now.rollbacks(), then.rollbacks(), seconds)) : null,
        both ? whole(rate(now.tempBytes(), then.tempBytes(), seconds)) : null,
        now == null ? null : difference(now.deadlocks(), firstDeadlocks),
        errors,
        warnings,
        look.gap());
  }

  /** Null also where a counter went back: the statistics were reset, or it is another server. */
  private static @Nullable Double rate(@Nullable Long now, @Nullable Long then, double seconds) {
    Long difference = difference(now, then);
    return difference == null ? null : Double.valueOf(difference / seconds);
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
