package dev.belay.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What makes a breach, and what keeps triggers apart. */
class WatchRulesTest {
  private static List<Window.Change> changes(Window window, double... values) {
    List<Window.Change> changes = new ArrayList<>();
    for (double value : values) {
      changes.add(window.add(value));
    }
    return changes;
  }

  @Test
  void threeOfFiveValuesBeyondTheLimitAreABreach() {
    Window window = new Window(100, 3, 5);

    // One alone, and two with good ones between, are none.
    assertThat(changes(window, 101, 1, 1, 1, 1, 101, 1, 101, 1, 1))
        .containsOnly(Window.Change.NONE);
    assertThat(window.isBreached()).isFalse();
    assertThat(changes(window, 101, 1, 101))
        .containsExactly(Window.Change.NONE, Window.Change.NONE, Window.Change.NONE);
    assertThat(window.add(102)).isEqualTo(Window.Change.BEGAN);
    assertThat(window.isBreached()).isTrue();
  }

  @Test
  void aBreachIsOverWhenAllOfTheLastValuesAreWithin() {
    Window window = new Window(100, 2, 3);
    changes(window, 101, 101);

    assertThat(changes(window, 1, 1)).containsOnly(Window.Change.NONE);
    assertThat(window.add(101)).isEqualTo(Window.Change.NONE);
    assertThat(changes(window, 1, 1, 1))
        .containsExactly(Window.Change.NONE, Window.Change.NONE, Window.Change.OVER);
    assertThat(window.isBreached()).isFalse();
  }

  @Test
  void theLimitItselfIsWithin() {
    Window window = new Window(100, 1, 1);

    assertThat(window.add(100)).isEqualTo(Window.Change.NONE);
    assertThat(window.add(Math.nextUp(100.0))).isEqualTo(Window.Change.BEGAN);
    assertThat(window.add(100)).isEqualTo(Window.Change.OVER);
  }

  /** Against a computation that looks at all values again each time. */
  @Test
  void theWindowCountsAsOneThatForgetsNothing() {
    Random random = new Random(4711);
    for (int round = 0; round < 200; round++) {
      int of = 1 + random.nextInt(12);
      int breaches = 1 + random.nextInt(of);
      Window window = new Window(0.5, breaches, of);
      List<Double> all = new ArrayList<>();
      boolean breached = false;
      for (int step = 0; step < 200; step++) {
        double value = random.nextDouble();
        all.add(value);
        List<Double> last = all.subList(Math.max(0, all.size() - of), all.size());
        long beyond = last.stream().filter(each -> each > 0.5).count();
        breached = breached ? beyond > 0 : beyond >= breaches;
        window.add(value);
        assertThat(window.isBreached()).isEqualTo(breached);
      }
    }
  }

  @Test
  void afterATriggerNoneIsPulledForTheCoolDown() {
    CoolDown coolDown = new CoolDown(Duration.ofNanos(100));
    long late = Long.MAX_VALUE - 50;

    assertThat(coolDown.allows(late)).isTrue();
    assertThat(coolDown.allows(late)).isFalse();
    // The clock may pass its end.
    assertThat(coolDown.allows(late + 99)).isFalse();
    assertThat(coolDown.allows(late + 100)).isTrue();
    assertThat(coolDown.allows(late + 101)).isFalse();
  }

  @Test
  void theShareOfErrorsIsOfTheWholeWindowFromTheBeginning() {
    ErrorShare share = new ErrorShare(20);

    assertThat(share.add(true)).isEqualTo(5.0);
    assertThat(share.add(true)).isEqualTo(10.0);
    for (int probe = 0; probe < 18; probe++) {
      assertThat(share.add(false)).isEqualTo(10.0);
    }
    assertThat(share.add(false)).isEqualTo(5.0);
    assertThat(share.add(false)).isEqualTo(0.0);
  }

  @Test
  void percentilesAreThoseOfAllValuesWithinFivePercent() {
    Random random = new Random(4711);
    Latencies latencies = new Latencies();
    List<Double> all = new ArrayList<>();
    assertThat(latencies.percentile(95)).isNull();
    for (int value = 0; value < 10_000; value++) {
      double millis = Math.exp(random.nextGaussian() * 2) * 3;
      all.add(millis);
      latencies.add(millis);
    }
    Collections.sort(all);

    for (double share : new double[] {50, 95, 99}) {
      double exact = all.get((int) Math.ceil(share / 100 * all.size()) - 1);
      assertThat(latencies.percentile(share)).isCloseTo(exact, within(exact * 0.051 + 0.01));
    }
    assertThat(latencies.most()).isCloseTo(all.get(all.size() - 1), within(0.01));
    assertThat(latencies.average())
        .isCloseTo(all.stream().mapToDouble(each -> each).average().orElseThrow(), within(0.01));
  }

  @Test
  void whatIsExtremeHasAPlaceToo() {
    Latencies latencies = new Latencies();
    latencies.add(0);
    latencies.add(1e9);

    assertThat(latencies.percentile(1)).isBetween(0.0, 0.02);
    assertThat(latencies.percentile(100)).isEqualTo(latencies.most()).isEqualTo(1e9);
  }
}
