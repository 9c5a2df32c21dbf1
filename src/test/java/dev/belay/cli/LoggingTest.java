package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Programs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LoggingTest {
  private final Path folder;
  private final StringWriter err = new StringWriter();

  LoggingTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void stop() {
    Logging.stop();
  }

  @Test
  void aMissingFolderIsNotMade() {
    refuses(folder.resolve("missing/belay.log"), "there is no folder " + folder.resolve("missing"));
    assertThat(folder.resolve("missing")).doesNotExist();
  }

  @Test
  void aFolderIsNoLog() {
    refuses(folder, "it is a folder");
  }

  @Test
  void aPipeIsRefusedAndDoesNotBlock() {
    Programs.run("mkfifo", folder.resolve("pipe").toString());
    refuses(folder.resolve("pipe"), "it is no ordinary file");
  }

  @Test
  void anOwnLinkIsFollowedAlsoToAFileThatIsNotThereYet() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("belay.log"), Path.of("real.log"));
    Logging.start(link, new PrintWriter(err), false);
    assertThat(Files.getPosixFilePermissions(folder.resolve("real.log")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aStrangersLinkIsRefused() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "only root can make another's link");
    Path link = Files.createSymbolicLink(folder.resolve("belay.log"), folder.resolve("victim"));
    Programs.run("chown", "-h", "nobody", link.toString());
    refuses(link, "it is a symbolic link of user nobody");
    assertThat(folder.resolve("victim")).doesNotExist();
  }

  @Test
  void theNullDeviceIsAllowed() {
    Logging.start(Path.of("/dev/null"), new PrintWriter(err), false);
    progress(false).step("said");
    assertThat(err.toString()).endsWith(" - INFO - said\n");
  }

  @Test
  void aFullDiskKeepsThePersonInformed() {
    Logging.start(Path.of("/dev/full"), new PrintWriter(err), false);
    IntStream.range(0, 2000).forEach(line -> progress(false).step("line " + line));
    assertThat(err.toString()).contains("line 1999\n");
  }

  @Test
  void whatLibrariesSayIsInTheLogOnly() throws IOException {
    Path log = folder.resolve("belay.log");
    Logging.start(log, new PrintWriter(err), true);
    Logger.getLogger("org.postgresql.Driver").severe("the driver complains");
    assertThat(Files.readString(log)).contains("WARN - Driver - the driver complains");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void severalThreadsWriteWholeLinesAboveTheBars() throws InterruptedException {
    StatusLine line = new StatusLine(new PrintWriter(err));
    Logging.start(folder.resolve("belay.log"), line.above(), false);
    Progress progress = new Progress(terminal(true), line);
    CountDownLatch begin = new CountDownLatch(1);
    Thread[] threads = new Thread[4];
    for (int number = 0; number < threads.length; number++) {
      String name = "thread " + number;
      threads[number] =
          new Thread(
              () -> {
                try {
                  begin.await();
                } catch (InterruptedException interrupted) {
                  Thread.currentThread().interrupt();
                }
                for (int entry = 0; entry < 200; entry++) {
                  line.show(name, name + " works");
                  progress.step(name + " says");
                }
                line.remove(name);
              });
      threads[number].start();
    }
    begin.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    String plain = err.toString().replaceAll("[^\n]*\u001b\\[K", "");
    assertThat(plain.lines().filter(shown -> !shown.isEmpty()))
        .hasSize(800)
        .allMatch(shown -> shown.matches("\\d{4}-.* - INFO - thread \\d says"));
    assertThat(err.toString()).endsWith("\r\u001b[K");
  }

  @Test
  void withoutATerminalABarDrawsNothing() {
    Logging.start(folder.resolve("belay.log"), new PrintWriter(err), false);
    try (Progress.Bar bar = progress(false).bar("dump", 100, "bytes")) {
      bar.advance(50);
    }
    assertThat(err.toString()).isEmpty();
  }

  private Progress progress(boolean shown) {
    return new Progress(terminal(shown));
  }

  private Terminal terminal(boolean shown) {
    PrintWriter writer = new PrintWriter(err);
    return new Terminal(writer, writer, false, shown, () -> null);
  }

  private void refuses(Path log, String reason) {
    Assertions.assertThatThrownBy(() -> Logging.start(log, new PrintWriter(err), false))
        .hasMessage("cannot write the log " + log + ": " + reason);
  }
}
