package dev.belay.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SinceTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "2026-11-01, 2026-11-01T00:00:00Z",
    "2026-11-01T08:30, 2026-11-01T08:30:00Z",
    "2026-11-01 08:30:05, 2026-11-01T08:30:05Z",
    "2026-11-01T08:30:00+01:00, 2026-11-01T07:30:00Z",
    "2026-11-01T08:30:00Z, 2026-11-01T08:30:00Z",
    "7d, 2026-11-14T12:00:00Z",
    "12h, 2026-11-21T00:00:00Z"
  })
  void momentsAreReadAsPeopleWriteThem(String given, String expected) {
    assertThat(Since.parse(given, NOW)).isEqualTo(Instant.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-13-01", "7", "-3d", "2026-11-01T25:00"})
  void whatIsNoMomentIsRefused(String given) {
    assertThatThrownBy(() -> Since.parse(given, NOW))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void aFractionOfASecondIsRead() {
    assertThat(Since.parse("2026-11-01T08:30:00.5", NOW))
        .isEqualTo(Instant.parse("2026-11-01T08:30:00.5Z"));
  }
}
