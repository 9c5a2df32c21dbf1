package dev.belay.watch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What is measured, and how it is judged: each is also a setting of {@code watch} in belay.yaml.
 */
public final class WatchOptions {
  @Option(
      names = "--probe-sql",
      paramLabel = "<sql>",
      description = "The statement that is timed; it may only read (default: select 1).")
  private @Nullable String probeSql;

  @Option(
      names = "--interval",
      paramLabel = "<duration>",
      description = "From one measurement to the next (default: 1s).")
  private @Nullable String interval;

  @Option(
      names = "--max-response",
      paramLabel = "<duration>",
      description = "The probe may take so long, and is ended then (default: 1000ms; off: any).")
  private @Nullable String maxResponse;

  @Option(
      names = "--max-errors",
      paramLabel = "<share>",
      description = "So many of the last probes may fail (default: 5%%).")
  private @Nullable String maxErrors;

  @Option(
      names = "--max-connections",
      paramLabel = "<share>",
      description = "So many of the possible connections may be taken (default: 90%%).")
  private @Nullable String maxConnections;

  @Option(
      names = "--max-lock-waits",
      paramLabel = "<number>",
      description = "So many sessions may wait for locks (default: 10).")
  private @Nullable String maxLockWaits;

  @Option(
      names = "--max-memory",
      paramLabel = "<share>",
      description = "So much of this machine's memory may be taken (default: 90%%).")
  private @Nullable String maxMemory;

  @Option(
      names = "--max-disk",
      paramLabel = "<share>",
      description = "So much of a file system may be taken (default: 95%%).")
  private @Nullable String maxDisk;

  @Option(
      names = "--breaches",
      paramLabel = "<k>",
      description = "So many values beyond a limit are a breach (default: 3).")
  private @Nullable String breaches;

  @Option(
      names = "--of",
      paramLabel = "<n>",
      description = "Of so many of the last values (default: 5).")
  private @Nullable String of;

  @Option(
      names = "--error-window",
      paramLabel = "<n>",
      description = "The share of errors is of so many of the last probes (default: 20).")
  private @Nullable String errorWindow;

  @Option(
      names = "--cool-down",
      paramLabel = "<duration>",
      description = "After a trigger, none is pulled for so long (default: 5m).")
  private @Nullable String coolDown;

  @Option(
      names = "--run-limit",
      paramLabel = "<duration>",
      description = "The command of --run is ended after so long (default: 10m).")
  private @Nullable String runLimit;

  @Option(
      names = "--metrics-file",
      paramLabel = "<file>",
      description = "Write what is measured there, for Prometheus; every second at most.")
  private @Nullable String metricsFile;

  @Option(
      names = "--heartbeat-file",
      paramLabel = "<file>",
      description = "Touch that file while all is well.")
  private @Nullable String heartbeatFile;

  @Option(
      names = "--heartbeat-url",
      paramLabel = "<url>",
      description = "Ask for that URL while all is well, so that somebody notices when it stops.")
  private @Nullable String heartbeatUrl;

  @Option(
      names = "--heartbeat-every",
      paramLabel = "<duration>",
      description = "From one such request to the next (default: 10s).")
  private @Nullable String heartbeatEvery;

  /** What was given, by the keys of the configuration. */
  Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    put(given, "probeSql", probeSql);
    put(given, "interval", interval);
    put(given, "maxResponse", maxResponse);
    put(given, "maxErrors", maxErrors);
    put(given, "maxConnections", maxConnections);
    put(given, "maxLockWaits", maxLockWaits);
    put(given, "maxMemory", maxMemory);
    put(given, "maxDisk", maxDisk);
    put(given, "breaches", breaches);
    put(given, "of", of);
    put(given, "errorWindow", errorWindow);
    put(given, "coolDown", coolDown);
    put(given, "runLimit", runLimit);
    put(given, "metricsFile", metricsFile);
    put(given, "heartbeatFile", heartbeatFile);
    put(given, "heartbeatUrl", heartbeatUrl);
    put(given, "heartbeatEvery", heartbeatEvery);
    return given;
  }

  private static void put(Map<String, String> given, String key, @Nullable String value) {
    if (value != null) {
      given.put(key, value);
    }
  }
}
