package dev.belay.core;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** A moment as an operator writes it. */
public final class Since {
  private Since() {}

  /**
   * Reads {@code 2026-11-01}, {@code 2026-11-01T08:30} (UTC), {@code 2026-11-01T08:30:00+01:00}, or
   * how long ago: {@code 7d}, {@code 12h}.
   *
   * @throws Failure USAGE when it is none of these
   */
  public static Instant parse(String text, Instant now) {
    String given = text.strip().replace(' ', 'T');
    try {
      if (given.matches("\\d{4}-\\d{2}-\\d{2}")) {
        return LocalDate.parse(given).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      if (given.matches("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?")) {
        return LocalDateTime.parse(given).toInstant(ZoneOffset.UTC);
      }
      if (given.contains("T")) {
        return OffsetDateTime.parse(given).toInstant();
      }
      if (given.matches(".*[a-zA-Z]")) {
        return now.minus(Units.parseDuration(given));
      }
    } catch (DateTimeParseException | Failure other) {
      throw wrong(text);
    }
    throw wrong(text);
  }

  private static Failure wrong(String text) {
    return Failure.usage(
        "--since is '%s', which is no moment".formatted(text),
        "write it like 2026-11-01, 2026-11-01T08:30:00Z, 7d or 12h");
  }
}
