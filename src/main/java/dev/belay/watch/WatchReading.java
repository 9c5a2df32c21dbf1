package dev.belay.watch;

import dev.belay.config.Section;
import dev.belay.core.Failure;
import dev.belay.core.Secret;
import dev.belay.core.Units;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads what to watch from flags and configuration, and says at once all that makes no sense. */
final class WatchReading {
  private static final List<String> KEYS =
      List.of(
          "probeSql",
          "interval",
          "maxResponse",
          "maxErrors",
          "maxConnections",
          "maxLockWaits",
          "maxMemory",
          "maxDisk",
          "breaches",
          "of",
          "errorWindow",
          "coolDown",
          "runLimit",
          "metricsFile",
          "heartbeatFile",
          "heartbeatUrl",
          "heartbeatEvery");

  private static final Duration DAY = Duration.ofDays(1);
  private static final int MOST_VALUES = 1000;
  private static final int MOST_PROBES = 10_000;

  private final Section section;
  private final Map<String, String> flags;
  private final Path directory;
  private final List<String> wrong = new ArrayList<>();
  private final Set<String> remedies = new LinkedHashSet<>();

  /**
   * @param flags by the keys of the configuration; they win
   * @param directory in which relative files of flags begin
   */
  WatchReading(Section section, Map<String, String> flags, Path directory) {
    this.section = section;
    this.flags = Map.copyOf(flags);
    this.directory = directory;
  }

  /**
   * What to watch.
   *
   * @param length how long, as it was written
   * @throws Failure USAGE with everything that is wrong
   */
  WatchSettings read(Optional<String> length, boolean untilBreach) {
    section.allowOnly(KEYS);
    Map<Measure, Double> limits = new TreeMap<>();
    limit(limits, Measure.RESPONSE, "maxResponse", "1000ms", this::response);
    limit(limits, Measure.ERRORS, "maxErrors", "5%", text -> share(text, 0));
    limit(limits, Measure.CONNECTIONS, "maxConnections", "90%", text -> share(text, 1));
    limit(
        limits,
        Measure.LOCK_WAITS,
        "maxLockWaits",
        "10",
        text -> (double) whole(text, 0, 1_000_000));
    limit(limits, Measure.MEMORY, "maxMemory", "90%", text -> share(text, 1));
    limit(limits, Measure.DISK, "maxDisk", "95%", text -> share(text, 1));
    Duration interval = duration("interval", "1s", Duration.ofMillis(100), Duration.ofHours(1));
    Duration coolDown = duration("coolDown", "5m", Duration.ofMillis(100), DAY);
    int breaches = value("breaches", "3", text -> whole(text, 1, MOST_VALUES), 3);
    int of = value("of", "5", text -> whole(text, 1, MOST_VALUES), 5);
    int errorWindow = value("errorWindow", "20", text -> whole(text, 1, MOST_PROBES), 20);
    Optional<Duration> whole = length.map(this::length);
    if (breaches > of) {
      refuse(
          "%d of the last %d values cannot be beyond a limit".formatted(breaches, of),
          "make --breaches at most --of");
    }
    if (interval.compareTo(coolDown) > 0) {
      refuse(
          "the interval of %s is longer than the cool-down of %s"
              .formatted(Units.duration(interval), Units.duration(coolDown)),
          "make --cool-down at least --interval");
    }
    whole
        .filter(all -> all.compareTo(interval.multipliedBy(breaches)) < 0)
        .ifPresent(
            all ->
                refuse(
                    "in %s there are not %d values, one every %s"
                        .formatted(Units.duration(all), breaches, Units.duration(interval)),
                    "make --for longer, or --interval shorter"));
    if (limits.isEmpty() && wrong.isEmpty()) {
      refuse("every limit is off, so there is nothing to watch", "leave one of them on");
    }
    String probe = text("probeSql", "select 1").strip();
    if (probe.isEmpty()) {
      refuse("the statement of the probe is empty", "leave it out for: select 1");
    }
    Optional<Path> metrics = path("metricsFile");
    Optional<Path> heartbeat = path("heartbeatFile");
    Optional<Secret> url = url();
    Duration every = duration("heartbeatEvery", "10s", Duration.ofSeconds(1), DAY);
    Duration runLimit = duration("runLimit", "10m", Duration.ofSeconds(1), DAY);
    if (!wrong.isEmpty()) {
      throw Failure.usage(String.join("; ", wrong), String.join("; ", remedies));
    }
    return new WatchSettings(
        probe,
        interval,
        whole,
        untilBreach,
        limits,
        breaches,
        of,
        errorWindow,
        coolDown,
        runLimit,
        metrics,
        heartbeat,
        url,
        every);
  }

  private void limit(
      Map<Measure, Double> limits,
      Measure measure,
      String key,
      String fallback,
      Function<String, Double> parser) {
    if (!text(key, fallback).strip().equalsIgnoreCase("off")) {
      double limit = value(key, fallback, parser, Double.NaN);
      if (!Double.isNaN(limit)) {
        limits.put(measure, limit);
      }
    }
  }

  private double response(String text) {
    Duration limit = Units.parseDuration(text.matches("\\d+") ? text + "ms" : text);
    if (limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(Duration.ofHours(1)) > 0) {
      throw Failure.usage("not from 1 ms to 1 h", "write it like 500ms");
    }
    return limit.toMillis();
  }

  private static double share(String text, int least) {
    try {
      double share = Double.parseDouble(text.replace("%", "").strip());
      // Nothing is ever more than all.
      if (share >= least && share < 100) {
        return share;
      }
    } catch (NumberFormatException notNumber) {
      // The failure below says it.
    }
    throw Failure.usage(
        "not a share from %d%% to 99.9%%".formatted(least), "write it like 90%, or off");
  }

  private static int whole(String text, int least, int most) {
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // The failure below says it.
    }
    throw Failure.usage("not a number from %d to %d".formatted(least, most), "write it in digits");
  }

  private Duration duration(String key, String fallback, Duration least, Duration most) {
    return value(key, fallback, text -> bounded(text, least, most), Units.parseDuration(fallback));
  }

  private static Duration bounded(String text, Duration least, Duration most) {
    Duration duration = Units.parseDuration(text);
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw Failure.usage(
          "not from %s to %s".formatted(Units.duration(least), Units.duration(most)),
          "write it like 500ms, 30s, 5m or 2h");
    }
    return duration;
  }

  private Duration length(String text) {
    try {
      return bounded(text, Duration.ofMillis(100), Duration.ofDays(366));
    } catch (Failure failure) {
      refuse("--for is '%s', %s".formatted(text, reason(failure, text)), failure.hint());
      return DAY;
    }
  }

  private Optional<Secret> url() {
    Optional<String> text = text("heartbeatUrl");
    if (text.isPresent() && !isWeb(text.get())) {
      // It is not shown: it may be a good one with a slip.
      refuse(
          where("heartbeatUrl") + " is no http or https URL with a host",
          "write it like https://hc-ping.com/…");
    }
    return text.map(Secret::new);
  }

  private static boolean isWeb(String text) {
    try {
      URI url = new URI(text);
      return url.getHost() != null
          && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
    } catch (URISyntaxException strange) {
      return false;
    }
  }

  private Optional<Path> path(String key) {
    Optional<Path> path =
        flags.containsKey(key) ? Optional.of(directory.resolve(text(key, ""))) : section.path(key);
    Optional<Path> folder = path.map(file -> file.toAbsolutePath().getParent());
    if (folder.isPresent() && !Files.isDirectory(folder.get())) {
      refuse(
          "%s: there is no folder %s".formatted(where(key), folder.get()),
          "make it, or name a file in another");
    }
    if (path.isPresent() && Files.isDirectory(path.get())) {
      refuse("%s: %s is a folder".formatted(where(key), path.get()), "name a file in it");
    }
    return path;
  }

  private <T> T value(String key, String fallback, Function<String, T> parser, T otherwise) {
    String text = text(key, fallback);
    try {
      return parser.apply(text.strip());
    } catch (Failure failure) {
      refuse("%s is '%s', %s".formatted(where(key), text, reason(failure, text)), failure.hint());
      return otherwise;
    }
  }

  /** Without what is said before it. */
  private static String reason(Failure failure, String text) {
    String said = "'" + text.strip() + "' is ";
    return failure.message().startsWith(said)
        ? failure.message().substring(said.length())
        : failure.message();
  }

  private void refuse(String reason, String remedy) {
    wrong.add(reason);
    remedies.add(remedy);
  }

  private Optional<String> text(String key) {
    return flags.containsKey(key) ? Optional.of(text(key, "")) : section.text(key);
  }

  private String text(String key, String fallback) {
    String flag = flags.get(key);
    return flag != null ? flag : section.text(key, fallback);
  }

  private String where(String key) {
    return flags.containsKey(key)
        ? "--" + key.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT)
        : section.where(key) + ": watch." + key;
  }
}
