package dev.belay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessRunner;
import dev.belay.support.Children;
import dev.belay.support.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CleanupTest {
  private final Path folder;

  CleanupTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void anActionRunsOnce() {
    AtomicInteger runs = new AtomicInteger();
    Cleanup.Pending pending = Cleanup.register(runs::incrementAndGet);
    pending.close();
    pending.close();
    assertThat(runs).hasValue(1);
  }

  @Test
  void aCancelledActionDoesNotRun() {
    AtomicInteger runs = new AtomicInteger();
    try (Cleanup.Pending pending = Cleanup.register(runs::incrementAndGet)) {
      pending.cancel();
    }
    assertThat(runs).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
  void aSignalRunsWhatIsPendingNewestFirstAndEndsChildren(String signal, int status)
      throws Exception {
    Process program =
        new ProcessBuilder(Programs.java(Waiting.class.getName(), folder.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    Children.awaitFile(folder.resolve("pids"));
    Programs.run("kill", "-" + signal, String.valueOf(program.pid()));
    assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(program.exitValue()).isEqualTo(status);
    assertThat(Files.readAllLines(folder.resolve("done")))
        .containsExactly("newest", "broken", "refused", "oldest");
    Children.assertGone(folder.resolve("pids"));
  }

  /** A program that waits for a signal, with a child and work to clean up. */
  static final class Waiting {
    private Waiting() {}

    public static void main(String[] arguments) throws InterruptedException {
      Path folder = Path.of(arguments[0]);
      Cleanup.register(() -> note(folder, "oldest"));
      Cleanup.register(
          () -> {
            try {
              Cleanup.register(() -> note(folder, "never"));
            } catch (Failure refused) {
              note(folder, "refused");
            }
          });
      Cleanup.Pending done = Cleanup.register(() -> note(folder, "never"));
      done.cancel();
      Cleanup.register(
          () -> {
            note(folder, "broken");
            throw new IllegalStateException("the others must still run");
          });
      Cleanup.register(() -> note(folder, "newest"));
      String script = "cd " + folder + "; sleep 1000 & echo $! > p; echo $$ >> p; mv p pids; wait";
      new ProcessRunner()
          .run(ProcessCall.of(List.of("/bin/sh", "-c", script), folder.resolve("run.log")));
      new CountDownLatch(1).await();
    }

    private static void note(Path folder, String line) {
      try {
        Files.writeString(
            folder.resolve("done"),
            line + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException cannot) {
        throw new IllegalStateException(cannot);
      }
    }
  }
}
