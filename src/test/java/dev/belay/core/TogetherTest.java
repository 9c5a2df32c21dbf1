package dev.belay.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class TogetherTest {
  @Test
  void theTasksRunAtTheSameTime() {
    CountDownLatch both = new CountDownLatch(2);
    Runnable meeting =
        () -> {
          both.countDown();
          await(both);
        };
    Together.run("a meeting", List.of(meeting, meeting));
    assertThat(both.getCount()).isZero();
  }

  @Test
  void noneIsNothingToDo() {
    Together.run("nothing", List.of());
  }

  @Test
  void theFirstFailureEndsTheOthersAndComesOut() {
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    Runnable patient =
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException told) {
            ended.set(true);
          }
        };
    Runnable failing =
        () -> {
          await(begun);
          throw Failure.unavailable("no ink", "buy some");
        };
    assertThatThrownBy(() -> Together.run("writing", List.of(patient, failing)))
        .isInstanceOf(Failure.class)
        .hasMessage("no ink");
    assertThat(ended).isTrue();
  }

  @Test
  void anInterruptEndsAllOfThem() {
    AtomicBoolean ended = new AtomicBoolean();
    Thread caller = Thread.currentThread();
    Runnable patient =
        () -> {
          caller.interrupt();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException told) {
            ended.set(true);
          }
        };
    assertThatThrownBy(() -> Together.run("the backup", List.of(patient)))
        .hasMessage("the backup was interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ended).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException told) {
      throw new IllegalStateException(told);
    }
  }
}
