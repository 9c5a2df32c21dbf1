package dev.belay.monitor;

import dev.belay.core.Units;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Samples and summaries for a person. */
public final class MonitorText {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private MonitorText() {}

  /**
   * {@code [2024-01-15 14:30:25] CPU: 45.2%, MEM: 67.8%, DISK: 23.1%, DB: 12 connections (3 active,
   * 0 waiting)}.
   *
   * @param here whether the database is on this machine too
   */
  static String line(MonitorLine.Sample sample, boolean here) {
    return "[%s] CPU: %s, MEM: %s, DISK: %s%s, DB: %s"
        .formatted(
            MOMENT.format(sample.at().atZone(ZoneId.systemDefault())),
            percent(sample.cpu()),
            percent(sample.memory()),
            percent(sample.disk()),
            here ? "" : " (this machine)",
            database(sample));
  }

  private static String database(MonitorLine.Sample sample) {
    Integer connections = sample.connections();
    if (connections == null) {
      return sample.gap() == null ? "not known" : sample.gap();
    }
    return "%s (%d active, %d waiting)"
        .formatted(
            Units.count(connections, "connection", "connections"),
            sample.active(),
            sample.waiting());
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.1f%%", share);
  }

  /** The summary, for the report of what was watched; each line stands by itself. */
  public static List<String> lines(MonitorSummary summary) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "CPU %s on average, %s at most; memory %s, %s; disk %s (%s)"
            .formatted(
                percent(summary.avgCpuUsage()),
                percent(summary.maxCpuUsage()),
                percent(summary.avgMemoryUsage()),
                percent(summary.maxMemoryUsage()),
                percent(summary.maxDiskUsage()),
                summary.machine()));
    if (summary.peakDbConnections() != null) {
      lines.add(
          "at most %s, %d active, %d waiting for locks; longest transaction %s"
              .formatted(
                  Units.count(summary.peakDbConnections(), "connection", "connections"),
                  summary.peakActive(),
                  summary.peakWaiting(),
                  summary.longestTransactionMillis() == null
                      ? "not known"
                      : Units.duration(Duration.ofMillis(summary.longestTransactionMillis()))));
    }
    if (summary.walBytes() != null) {
      lines.add("%s of WAL were written".formatted(Units.bytes(summary.walBytes())));
    }
    if (summary.peakReplicationLagBytes() != null) {
      lines.add(
          "a standby was at most %s behind"
              .formatted(Units.bytes(summary.peakReplicationLagBytes())));
    }
    lines.add(
        "%s, %s; %s, %s"
            .formatted(
                Units.count(summary.totalErrors(), "error", "errors"),
                Units.count(summary.totalWarnings(), "warning", "warnings"),
                Units.count(summary.samples(), "sample", "samples"),
                Units.count(summary.gaps(), "gap", "gaps")));
    summary.notes().forEach(note -> lines.add("note: " + note));
    if (summary.file() != null) {
      lines.add("samples: " + summary.file());
    }
    return lines;
  }
}
