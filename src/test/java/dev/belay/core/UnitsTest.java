package dev.belay.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "99949, 99.9 kB",
    "99950, 100 kB",
    "999499, 999 kB",
    "999500, 1.0 MB",
    "1234567890, 1.2 GB",
    "9223372036854775807, 9223 PB"
  })
  void sizes(long bytes, String expected) {
    assertThat(Units.bytes(bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "999, 999 ms",
    "1000, 1.0 s",
    "59949, 59.9 s",
    "59951, 1 min 0 s",
    "200000, 3 min 20 s",
    "3599499, 59 min 59 s",
    "3599500, 1 h 0 min",
    "7500000, 2 h 5 min",
    "86400000, 1 d 0 h",
    "1047600000, 12 d 3 h"
  })
  void durations(long millis, String expected) {
    assertThat(Units.duration(Duration.ofMillis(millis))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, 500",
    "30s, 30000",
    "30, 30000",
    "1.5m, 90000",
    "' 2 H ', 7200000",
    "1d, 86400000",
    "0, 0"
  })
  void durationsAsPeopleWriteThem(String text, long millis) {
    assertThat(Units.parseDuration(text)).hasMillis(millis);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "-1s", "1w", "1 s s", "5m30s", "1e9s", "99999d", "99999999999999999999d"})
  void whatIsNoDurationIsToldWithItsText(String text) {
    assertThatThrownBy(() -> Units.parseDuration(text))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure.message()).startsWith("'" + text + "' is ");
            });
  }

  @ParameterizedTest
  @CsvSource({"0, 0 rows", "1, 1 row", "1234567, '1,234,567 rows'"})
  void counts(long number, String expected) {
    assertThat(Units.count(number, "row", "rows")).isEqualTo(expected);
  }

  @Test
  void writesMomentsInUtcToTheSecond() {
    assertThat(Units.moment(Instant.parse("2024-01-01T12:00:00.987654321Z")))
        .isEqualTo("2024-01-01 12:00:00 UTC");
  }
}
