package dev.belay.watch;

import dev.belay.core.Units;
import java.time.Duration;
import java.util.Locale;

/** What is held against a limit. */
public enum Measure {
  /** How long the probe takes, in milliseconds. */
  RESPONSE("response", "ms"),
  /** The share of probes that failed, of the last so many. */
  ERRORS("errors", "%"),
  /** The share of the possible connections that is taken. */
  CONNECTIONS("connections", "%"),
  /** Sessions of the database that wait for a lock. */
  LOCK_WAITS("lock-waits", "sessions"),
  /** The share of this machine's memory that is not available. */
  MEMORY("memory", "%"),
  /** The share of the fullest file system that was looked at. */
  DISK("disk", "%");

  private final String word;
  private final String unit;

  Measure(String word, String unit) {
    this.word = word;
    this.unit = unit;
  }

  /** Its name in options, JSON and metrics. */
  public String word() {
    return word;
  }

  /** {@code ms}, {@code %} or {@code sessions}. */
  public String unit() {
    return unit;
  }

  /** The one of that name. */
  static Measure of(String word) {
    for (Measure each : values()) {
      if (each.word.equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException(word);
  }

  /** A value of it for a person. */
  String shown(double value) {
    return switch (unit) {
      case "ms" -> millis(value);
      case "%" -> String.format(Locale.ROOT, "%.1f%%", value);
      default -> Units.count(Math.round(value), "session", "sessions");
    };
  }

  /** A time for a person; of a short one the tenths count. */
  static String millis(double millis) {
    return millis < 100
        ? String.format(Locale.ROOT, "%.1f ms", millis)
        : Units.duration(Duration.ofMillis(Math.round(millis)));
  }
}
