package dev.belay.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchWindowTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Optional<String> BAD = Optional.of("bad");
  private static final Optional<String> GOOD = Optional.empty();

  @Test
  void slowIsASecondOrTenTimesAsLongAsBefore() {
    assertThat(WatchWindow.slow(Duration.ofMillis(1))).isEqualTo(SECOND);
    assertThat(WatchWindow.slow(Duration.ofMillis(100))).isEqualTo(SECOND);
    assertThat(WatchWindow.slow(Duration.ofMillis(300))).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void fewTransactionsHaveNoRateOfErrors() {
    MigrateQueries.Load before = new MigrateQueries.Load(100, 10, Set.of());
    assertThat(WatchWindow.rate(before, new MigrateQueries.Load(110, 19, Set.of()))).isEmpty();
    assertThat(WatchWindow.rate(before, new MigrateQueries.Load(175, 35, Set.of()))).hasValue(0.25);
    // Statistics that were reset meanwhile.
    assertThat(WatchWindow.rate(before, new MigrateQueries.Load(0, 0, Set.of()))).isEmpty();
  }

  @Test
  void aMomentIsBadByTheFirstLimitThatItBreaks() {
    Duration quick = Duration.ofMillis(2);
    OptionalDouble none = OptionalDouble.empty();
    assertThat(WatchWindow.bad(quick, SECOND, none, none, 0)).isEmpty();
    assertThat(WatchWindow.bad(Duration.ofSeconds(2), SECOND, none, none, 0).orElseThrow())
        .contains("an answer takes 2.0 s");
    OptionalDouble twenty = OptionalDouble.of(0.20);
    assertThat(WatchWindow.bad(quick, SECOND, twenty, none, 0)).isEmpty();
    assertThat(WatchWindow.bad(quick, SECOND, twenty, OptionalDouble.of(0), 0).orElseThrow())
        .contains("20 % of the transactions fail, and 0 % did before");
    assertThat(WatchWindow.bad(quick, SECOND, twenty, OptionalDouble.of(0.18), 0)).isEmpty();
    assertThat(WatchWindow.bad(quick, SECOND, none, none, 2).orElseThrow())
        .contains("2 sessions wait for a lock");
  }

  @Test
  void threeBadMomentsOfTheLastFiveAreABreach() {
    assertThat(WatchWindow.breach(List.of(BAD, BAD))).isEmpty();
    assertThat(WatchWindow.breach(List.of(BAD, GOOD, BAD, GOOD, BAD))).isPresent();
    assertThat(WatchWindow.breach(List.of(BAD, BAD, GOOD, GOOD, GOOD, BAD))).isEmpty();
  }

  @Test
  void onlyThoseWhoWaitAtTwoLooksAndBeyondTheUsualCount() {
    MigrateQueries.Load first = new MigrateQueries.Load(0, 0, Set.of("1 a", "2 b", "3 c"));
    MigrateQueries.Load next = new MigrateQueries.Load(0, 0, Set.of("1 a", "2 b", "3 d"));
    assertThat(WatchWindow.waiting(first, next, 0)).isEqualTo(2);
    assertThat(WatchWindow.waiting(first, next, 2)).isZero();
    assertThat(WatchWindow.waiting(next, first, 9)).isZero();
  }
}
