package dev.belay.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Which breach pulls which trigger. */
class TriggersTest {
  /** One that undoes. */
  private static final class Undoing implements Trigger {
    private int pulled;

    @Override
    public String words() {
      return "undo";
    }

    @Override
    public boolean endsTheWatch() {
      return true;
    }

    @Override
    public boolean concerns(Measure measure) {
      return measure != Measure.DISK;
    }

    @Override
    public Pulled pull(Breach breach, BooleanSupplier still) {
      if (still.getAsBoolean()) {
        pulled++;
        return new Pulled("rollback", breach.threshold(), Instant.now(), "x", null, ExitCode.OK);
      }
      return new Pulled("rollback", breach.threshold(), Instant.now(), "x", null, ExitCode.REFUSED);
    }
  }

  private static Breach breach() {
    return new Breach("response", "ms", 1, 2, 2, Instant.now(), null);
  }

  @Test
  void whatIsNotConcernedIsNotPulled() {
    try (Triggers triggers = new Triggers(List.of(new Undoing()), new CountDownLatch(1))) {
      assertThat(triggers.concerned(Measure.RESPONSE, false)).hasSize(1);
      assertThat(triggers.concerned(Measure.DISK, false)).isEmpty();
      assertThat(triggers.concerned(Measure.RESPONSE, true)).as("since before").isEmpty();
      assertThat(triggers.canUndo(Measure.DISK)).isFalse();
    }
  }

  @Test
  void whatIsOverMeanwhileUndoesNothing() throws Exception {
    Undoing undoing = new Undoing();
    CountDownLatch over = new CountDownLatch(1);
    try (Triggers triggers = new Triggers(List.of(undoing), over)) {
      triggers.pull(List.of(undoing), breach(), () -> false);
      triggers.await();
      assertThat(undoing.pulled).isZero();
      assertThat(triggers.changed()).isFalse();
      assertThat(over.getCount()).isEqualTo(1);

      triggers.pull(List.of(undoing), breach(), () -> true);
      triggers.await();
      assertThat(triggers.changed()).isTrue();
      assertThat(over.getCount()).isZero();
    }
  }

  @Test
  void whatWasSoFromTheBeginningIsSoUntilItWasWellWithin() {
    Watching watching =
        new Watching(
            new WatchSettings(
                "select 1",
                Duration.ofSeconds(1),
                Optional.empty(),
                false,
                Map.of(Measure.DISK, 50.0, Measure.LOCK_WAITS, 3.0),
                2,
                3,
                20,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(10)));
    for (double value : new double[] {51, 51, 1, 1}) {
      assertThat(watching.measured(Measure.DISK, value)).hasSizeLessThan(2);
      assertThat(watching.isFromBefore(Measure.DISK)).isTrue();
    }
    Breach breach = watching.open(Measure.DISK).orElseThrow();
    assertThat(watching.lasts(breach)).isTrue();
    assertThat(watching.measured(Measure.DISK, 1.0)).hasSize(1);
    assertThat(watching.lasts(breach)).isFalse();
    assertThat(watching.isFromBefore(Measure.DISK)).isFalse();

    for (double value : new double[] {51, 51}) {
      assertThat(watching.measured(Measure.DISK, value)).hasSizeLessThan(2);
      assertThat(watching.isFromBefore(Measure.DISK)).isFalse();
    }
    assertThat(watching.lasts(breach)).as("another one").isFalse();
  }
}
