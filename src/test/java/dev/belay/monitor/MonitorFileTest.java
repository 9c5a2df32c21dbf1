package dev.belay.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of samples, whole and torn. */
class MonitorFileTest {
  private static final Instant AT = Instant.parse("2024-01-15T14:30:25Z");

  @TempDir Path folder = Path.of("");

  private static MonitorLine.Sample sample(long elapsed) {
    return new MonitorLine.Sample(
        AT, elapsed, 45.2, null, 23.1, null, null, null, 12, 3, 0, null, null, null, null, null,
        null, null, null, 0, 0, null);
  }

  @Test
  void aTornLastLineIsPassedOver() throws IOException {
    Path path;
    try (MonitorFile file = MonitorFile.create(folder, "migrate", AT, RunId.fresh())) {
      path = file.path();
      file.write(sample(0));
      file.write(sample(1000));
    }
    byte[] whole = Files.readAllBytes(path);
    for (int cut = 1; cut < 60; cut++) {
      Files.write(path, Arrays.copyOf(whole, whole.length - 1 - cut));
      assertThat(Samples.lines(path)).containsExactly(sample(0));
    }
    // Only its line end is lost: it is whole.
    Files.write(path, Arrays.copyOf(whole, whole.length - 1));
    assertThat(Samples.lines(path)).containsExactly(sample(0), sample(1000));
  }

  @Test
  void aDamagedLineInTheMiddleIsSaidWithItsNumber() throws IOException {
    Path path;
    try (MonitorFile file = MonitorFile.create(folder, "migrate", AT, RunId.fresh())) {
      path = file.path();
      file.write(sample(0));
    }
    Files.writeString(
        path, "{\"type\":\"sam\n{\"type\":\"later kind\"}\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> Samples.lines(path))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.FINDINGS);
              assertThat(failure.message()).startsWith("line 2 of ");
            });
  }

  @Test
  void linesOfALaterVersionArePassedOver() throws IOException {
    Path path = folder.resolve("x.jsonl");
    Files.write(
        path,
        List.of(
            "{\"type\":\"later kind\",\"a\":1}",
            "{\"type\":\"mark\",\"at\":\"2024-01-15T14:30:25Z\",\"elapsedMillis\":5,\"step\":\"ö \\\"x\\\"\",\"more\":[]}"),
        StandardCharsets.UTF_8);

    assertThat(Samples.lines(path)).containsExactly(new MonitorLine.Mark(AT, 5, "ö \"x\""));
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> Samples.lines(folder.resolve("none")))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
  }

  @Test
  void samplesAreThinnedOutAndMarksAreNot() throws IOException {
    Path path;
    try (MonitorFile file = MonitorFile.create(folder, "migrate", AT, RunId.fresh(), 10)) {
      path = file.path();
      for (int number = 0; number < 10_000; number++) {
        file.write(sample(number));
      }
      file.write(new MonitorLine.Mark(AT, 10_000, "late"));
    }

    List<MonitorLine> lines = Samples.lines(path);
    // Ten for each doubling: 10,000 is ten times something between 2^9 and 2^10.
    assertThat(lines).hasSizeBetween(90, 112);
    assertThat(lines.get(lines.size() - 1)).isInstanceOf(MonitorLine.Mark.class);
    assertThat(lines.subList(0, 10))
        .extracting(MonitorLine::elapsedMillis)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void twoOfTheSameRunInTheSameSecondAreTwoFiles() throws IOException {
    RunId run = RunId.fresh();
    try (MonitorFile one = MonitorFile.create(folder, "rollback-point execute", AT, run);
        MonitorFile other = MonitorFile.create(folder, "rollback-point execute", AT, run)) {
      assertThat(one.path().getFileName())
          .hasToString("rollback-point-execute_20240115_143025_" + run + ".jsonl");
      assertThat(other.path().getFileName())
          .hasToString("rollback-point-execute_20240115_143025_" + run + "_2.jsonl");
    }
  }

  @Test
  void theLineForAPersonIsAsItAlwaysWas() {
    assertThat(MonitorText.line(sample(0), true))
        .matches(
            "\\[2024-01-1\\d \\d\\d:\\d\\d:25] CPU: 45\\.2%, MEM: -, DISK: 23\\.1%, DB: 12 connections \\(3 active, 0 waiting\\)");
    assertThat(MonitorText.line(sample(0), false)).contains("DISK: 23.1% (this machine), DB:");
  }
}
