package dev.belay.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
  @Test
  void looksAgainUntilItIsSo() {
    AtomicInteger looks = new AtomicInteger();
    Await.until("the third look", () -> looks.incrementAndGet() == 3);
    assertThat(looks).hasValue(3);
    assertThat(Await.<String>first("a word", () -> Optional.of("word"))).isEqualTo("word");
  }

  @Test
  void whatIsNeverSoIsNamed() {
    assertThatThrownBy(() -> Await.within(Duration.ZERO, "a row", () -> false))
        .isInstanceOf(AssertionError.class)
        .hasMessage("never: a row, for 0 s");
  }

  @Test
  void whatCannotBeSoAnyMoreFailsAtOnceAndSaysWhy() throws IOException, InterruptedException {
    CompletableFuture<String> answer = CompletableFuture.completedFuture("no rows");
    assertThatThrownBy(() -> Await.until("a row", () -> false, answer))
        .hasMessage("never: a row; what was to bring it ended with no rows");
    CompletableFuture<String> broken = CompletableFuture.failedFuture(new IOException("no disk"));
    assertThatThrownBy(() -> Await.until("a row", () -> false, broken))
        .hasMessageContaining("no disk");
    Process process = new ProcessBuilder("sh", "-c", "exit 7").start();
    process.waitFor();
    assertThatThrownBy(() -> Await.until("a row", () -> false, process))
        .hasMessage("never: a row; the process ended with 7");
    assertThatThrownBy(() -> Await.until("a row", () -> false, new Thread(() -> {}, "client")))
        .hasMessage("never: a row; client has ended");
  }

  /** It may have made it so right before its end, and after the look. */
  @Test
  void afterTheEndItLooksOnceMore() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    AtomicInteger looks = new AtomicInteger();
    Await.until(
        "a row",
        () -> {
          answer.complete("done");
          return looks.incrementAndGet() == 2;
        },
        answer);
    assertThat(looks).hasValue(2);
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Await.until("a row", () -> false))
        .hasMessage("interrupted while it waited for: a row");
    assertThat(Thread.interrupted()).isTrue();
  }
}
