package dev.belay.core;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes, durations and counts, to and from the form that people write. */
public final class Units {
  private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB", "PB"};
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(b|kb|mb|gb|tb|pb)?");
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|h|d)?");

  /** Longer ones are slips of the keyboard, and would not fit into nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Units() {}

  /** {@code 1.2 GB} for 1,234,567,890 bytes: powers of 1000, as SI and disk makers count. */
  public static String bytes(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= 999.5 && unit < SIZES.length - 1) {
      size /= 1000;
      unit++;
    }
    return unit == 0 || size >= 99.95
        ? String.format(Locale.ROOT, "%.0f %s", size, SIZES[unit])
        : String.format(Locale.ROOT, "%.1f %s", size, SIZES[unit]);
  }

  /** {@code 1,234,567}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1,234 rows} or {@code 1 row}. */
  public static String count(long number, String one, String many) {
    return count(number) + " " + (number == 1 ? one : many);
  }

  /** {@code 85 ms}, {@code 4.2 s}, {@code 3 min 20 s}, {@code 2 h 5 min}, {@code 12 d 3 h}. */
  public static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 59_950) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    long seconds = Math.round(millis / 1000.0);
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    long minutes = seconds / 60;
    if (minutes < 24 * 60) {
      return minutes / 60 + " h " + minutes % 60 + " min";
    }
    long hours = minutes / 60;
    return hours / 24 + " d " + hours % 24 + " h";
  }

  /** {@code 2024-01-01 12:00:00 UTC}. */
  public static String moment(Instant moment) {
    return MOMENT.format(moment);
  }

  /**
   * Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d}; a bare number is seconds.
   *
   * @throws Failure USAGE when it is none of these, or longer than ten years
   */
  public static Duration parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw Failure.usage(
          "'" + text + "' is not a duration", "write it like 500ms, 30s, 5m, 2h or 1d");
    }
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    double millis =
        switch (unit) {
          case "ms" -> 1;
          case "s" -> 1000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    Duration duration =
        Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * millis));
    if (duration.compareTo(LONGEST) > 0) {
      throw Failure.usage(
          "'" + text + "' is longer than ten years", "write it like 500ms, 30s, 5m, 2h or 1d");
    }
    return duration;
  }

  /**
   * Reads {@code 500kB}, {@code 16MB}, {@code 1.5GB}: powers of 1000; a bare number is bytes.
   *
   * @throws Failure USAGE when it is none of these, or too big
   */
  public static long parseBytes(String text) {
    Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw Failure.usage("'" + text + "' is not a size", "write it like 500kB, 16MB or 1GB");
    }
    String unit = matcher.group(2) == null ? "b" : matcher.group(2);
    double bytes = Double.parseDouble(matcher.group(1));
    for (int step = 0; !SIZES[step].toLowerCase(Locale.ROOT).equals(unit); step++) {
      bytes *= 1000;
    }
    if (bytes >= Long.MAX_VALUE) {
      throw Failure.usage("'" + text + "' is too big", "write it like 500kB, 16MB or 1GB");
    }
    return Math.round(bytes);
  }
}
