package dev.belay.watch;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.monitor.Metrics;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What is measured, in a file for Prometheus; written at most every second. */
final class WatchMetrics {
  private static final long EVERY = TimeUnit.SECONDS.toNanos(1);

  private final Optional<Path> file;
  private final String database;
  private final Progress progress;
  private boolean written;
  private boolean told;
  private long writtenAt;

  WatchMetrics(Optional<Path> file, String database, Progress progress) {
    this.file = file;
    this.database = database;
    this.progress = progress;
  }

  /**
   * Writes it for the first time.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  void check(Watching watching, long now) {
    write(watching, now);
    writtenAt = now - EVERY;
  }

  /**
   * Writes it, when it is time.
   *
   * @throws Failure UNAVAILABLE when it cannot be written the first time
   */
  void write(Watching watching, long now) {
    if (file.isEmpty() || (written && now - writtenAt < EVERY)) {
      return;
    }
    try {
      metrics(watching).write(file.get());
      told = false;
    } catch (Failure cannot) {
      if (!written) {
        throw cannot;
      }
      if (!told) {
        told = true;
        progress.warn(cannot.message());
      }
    }
    written = true;
    writtenAt = now;
  }

  private Metrics metrics(Watching watching) {
    Metrics metrics = new Metrics();
    Map<String, String> labels = Map.of("database", database);
    metrics
        .gauge(
            "belay_watch_timestamp_seconds",
            "When the watch measured last; it is dead when this is old.",
            labels,
            System.currentTimeMillis() / 1000.0)
        .counter("belay_probes_total", "Probes that were made.", labels, (double) watching.probes())
        .counter(
            "belay_probe_failures_total",
            "Probes that failed.",
            labels,
            (double) watching.failedProbes())
        .counter(
            "belay_probe_slow_total",
            "Probes that were ended because they took too long.",
            labels,
            (double) watching.slowProbes());
    watching
        .lastProbeMillis()
        .ifPresent(
            millis ->
                metrics.gauge(
                    "belay_probe_seconds", "How long the last probe took.", labels, millis / 1000));
    watching
        .lastSuccessMillis()
        .ifPresent(
            at ->
                metrics.gauge(
                    "belay_last_success_timestamp_seconds",
                    "When a probe succeeded last.",
                    labels,
                    at / 1000.0));
    for (Watching.Line line : watching.lines()) {
      Map<String, String> each =
          Map.of("database", database, "threshold", line.threshold(), "unit", line.unit());
      metrics.gauge("belay_watch_limit", "The limit of what is watched.", each, line.limit());
      metrics.gauge(
          "belay_watch_breached",
          "Whether the limit is breached now.",
          Map.of("database", database, "threshold", line.threshold()),
          line.breached() ? 1 : 0);
      if (line.last() != null) {
        metrics.gauge("belay_watch_value", "The last value of what is watched.", each, line.last());
      }
    }
    return metrics;
  }
}
