package dev.belay.undo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a rehearsal says how it was, and not how it would be. */
class RehearsalAgeTest {
  private static final Instant NOW = Instant.parse("2024-03-01T12:00:00Z");
  private static final long GIGABYTE = 1_000_000_000;
  private static final RehearsalAge AGE = new RehearsalAge(Duration.ofDays(30));

  private static RehearsedUndo rehearsed(Duration ago, @Nullable Long liveBytes) {
    return new RehearsedUndo(
        NOW.minus(ago),
        "",
        "",
        "V4",
        Optional.of("4"),
        Optional.empty(),
        RehearsedUndo.PROVEN,
        0,
        1,
        GIGABYTE / 10,
        "",
        Boolean.TRUE,
        4711,
        liveBytes);
  }

  @Test
  void itIsOldAfterItsTime() {
    assertThat(AGE.old(rehearsed(Duration.ofDays(30), GIGABYTE), GIGABYTE, NOW)).isEmpty();
    assertThat(AGE.old(rehearsed(Duration.ofDays(31), GIGABYTE), GIGABYTE, NOW))
        .contains("31 d 0 h ago");
  }

  @Test
  void itIsOldWhenTheDatabaseHasGrownByMoreThanHalf() {
    Duration lately = Duration.ofHours(1);
    assertThat(AGE.old(rehearsed(lately, GIGABYTE), GIGABYTE * 3 / 2, NOW)).isEmpty();
    assertThat(AGE.old(rehearsed(lately, GIGABYTE), GIGABYTE * 3 / 2 + 1, NOW))
        .contains("the database has grown from 1.0 GB to 1.5 GB since");
    assertThat(AGE.old(rehearsed(lately, GIGABYTE), GIGABYTE / 2, NOW)).isEmpty();
    // A copy is smaller than what it was made of: by it nobody can tell.
    assertThat(AGE.old(rehearsed(lately, null), GIGABYTE, NOW)).isEmpty();
    assertThat(AGE.old(rehearsed(Duration.ofDays(31), GIGABYTE), 2 * GIGABYTE, NOW))
        .contains("31 d 0 h ago, the database has grown from 1.0 GB to 2.0 GB since");
  }
}
