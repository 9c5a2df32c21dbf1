package dev.belay.monitor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Averages and peaks of samples, in constant memory. For one thread at a time. */
final class Tally {
  /** Average and peak of one figure; what is not known does not count. */
  private static final class Figure {
    private double sum;
    private long count;
    private double most = Double.NEGATIVE_INFINITY;

    void add(@Nullable Number value) {
      if (value != null) {
        sum += value.doubleValue();
        count++;
        most = Math.max(most, value.doubleValue());
      }
    }

    @Nullable Double average() {
      return count == 0 ? null : Double.valueOf(rounded(sum / count));
    }

    @Nullable Double peak() {
      return count == 0 ? null : Double.valueOf(rounded(most));
    }

    @Nullable Long whole() {
      return count == 0 ? null : Long.valueOf(Math.round(most));
    }

    @Nullable Integer number() {
      return count == 0 ? null : Integer.valueOf((int) Math.round(most));
    }
  }

  private final Figure cpu = new Figure();
  private final Figure memory = new Figure();
  private final Figure disk = new Figure();
  private final Figure connections = new Figure();
  private final Figure active = new Figure();
  private final Figure waiting = new Figure();
  private final Figure longest = new Figure();
  private final Figure lagBytes = new Figure();
  private final Figure lagMillis = new Figure();
  private final Figure deadlocks = new Figure();
  private long samples;
  private long gaps;
  private @Nullable Long firstWal;
  private @Nullable Long wal;

  void add(MonitorLine.Sample sample, @Nullable Long walPosition) {
    samples++;
    gaps += sample.gap() == null ? 0 : 1;
    cpu.add(sample.cpu());
    memory.add(sample.memory());
    disk.add(sample.disk());
    connections.add(sample.connections());
    active.add(sample.active());
    waiting.add(sample.waiting());
    longest.add(sample.longestTransactionMillis());
    lagBytes.add(sample.replicationLagBytes());
    lagMillis.add(sample.replicationLagMillis());
    deadlocks.add(sample.deadlocks());
    if (walPosition != null) {
      Long first = firstWal == null ? walPosition : firstWal;
      firstWal = first;
      wal = Math.max(0, walPosition - first);
    }
  }

  MonitorSummary summary(
      double seconds,
      long errors,
      long warnings,
      String machine,
      @Nullable String file,
      List<String> notes) {
    return new MonitorSummary(
        rounded(seconds),
        cpu.average(),
        cpu.peak(),
        memory.average(),
        memory.peak(),
        connections.number(),
        errors,
        warnings,
        samples,
        gaps,
        active.number(),
        waiting.number(),
        longest.whole(),
        lagBytes.whole(),
        lagMillis.whole(),
        wal,
        deadlocks.whole(),
        disk.peak(),
        machine,
        file,
        notes);
  }

  /** To one decimal. */
  static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
