package dev.belay.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when the program that is watched comes to a bad end. */
class MonitorKilledIT {
  private static final RunId RUN = new RunId("0123456789ab");

  @TempDir Path folder = Path.of("");

  private Process start() throws IOException {
    Target target = TestServer.admin();
    // The child has no password to give.
    assumeThat(target.password()).isEmpty();
    return ChildJvm.start(
        "",
        MonitoredForEver.class,
        folder,
        Map.of(),
        target.host(),
        String.valueOf(target.port()),
        target.database(),
        target.user(),
        folder.toString());
  }

  private Path awaitFile() {
    return Await.first("a file of samples", () -> MonitorFile.of(folder, RUN).stream().findFirst());
  }

  @Test
  void afterAKillTheSamplesSoFarAreThere() throws IOException, InterruptedException {
    Process process = start();
    try {
      Path file = awaitFile();
      Samples.await(file, 3, "a fourth sample", sample -> sample.connections() != null);
      process.destroyForcibly().waitFor();

      List<MonitorLine> lines = Samples.lines(file);
      assertThat(file.getFileName().toString()).startsWith("for-ever-_");
      assertThat(lines.get(0)).isInstanceOf(MonitorLine.Begin.class);
      assertThat(lines).hasSizeGreaterThan(4).noneMatch(MonitorLine.End.class::isInstance);
      assertThat(Path.of(file.toString().replace(".jsonl", ".json"))).doesNotExist();
    } finally {
      process.destroyForcibly().waitFor();
      TestServer.awaitEndOfSessions(RUN);
    }
  }

  @Test
  void aSignalStillWritesTheSummary() throws IOException, InterruptedException {
    Process process = start();
    try {
      Path file = awaitFile();
      Samples.await(file, 1, "a second sample", sample -> true);
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

      List<MonitorLine> lines = Samples.lines(file);
      assertThat(lines.get(lines.size() - 1)).isInstanceOf(MonitorLine.End.class);
      assertThat(Files.readString(Path.of(file.toString().replace(".jsonl", ".json"))))
          .contains("\"durationSeconds\"");
    } finally {
      process.destroyForcibly().waitFor();
      TestServer.awaitEndOfSessions(RUN);
    }
  }
}
