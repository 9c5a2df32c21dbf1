package dev.belay.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.support.Children;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProcessRunnerTest {
  private final ProcessRunner runner = new ProcessRunner();
  private final Path folder;
  private final Path log;

  ProcessRunnerTest(@TempDir Path folder) {
    this.folder = folder;
    this.log = folder.resolve("run.log");
  }

  @Test
  void whatAProgramPrintsIsInTheLogAndItsLastLinesInTheResult() throws IOException {
    ProcessResult result = runner.run(sh("echo to out; echo to err >&2"));
    assertThat(result.succeeded()).isTrue();
    assertThat(result.tail()).isEqualTo("to out\nto err");
    assertThat(Files.readString(log)).contains("$ /bin/sh -c 'echo to out").contains("to err\n");
    assertThat(Files.getPosixFilePermissions(log))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void theTailIsThatOfThisProgramOnly() {
    runner.run(sh("echo the first"));
    assertThat(runner.run(sh("echo the second")).tail()).isEqualTo("the second");
  }

  @Test
  void muchOutputDoesNotBlockAndTheTailStaysSmall() throws IOException {
    ProcessResult result = runner.run(sh("seq 1 2000000; seq 1 2000000 >&2; echo last"));
    assertThat(result.tail()).endsWith("\nlast").hasSizeLessThan(4200);
    assertThat(result.tail().lines().findFirst())
        .hasValueSatisfying(line -> assertThat(line).hasSize(7));
    assertThat(Files.size(log)).isGreaterThan(20_000_000);
  }

  @Test
  void binaryOutputComesOutVisible() {
    ProcessResult result = runner.run(sh("printf 'a\\033[31mb\\000c\\377d\\n' >&2"));
    assertThat(result.tail()).isEqualTo("a\\u001b[31mb\\u0000c\ufffdd");
  }

  @Test
  void theStatusIsThatOfTheProgramOrOfItsSignal() {
    assertThat(runner.run(sh("exit 3")).status()).isEqualTo(3);
    assertThat(runner.run(sh("kill -KILL $$")).status()).isEqualTo(137);
    assertThat(runner.run(sh("kill -SEGV $$")).status()).isEqualTo(139);
  }

  @Test
  void standardInputIsEmpty() {
    assertThat(runner.run(sh("cat; echo end")).tail()).isEqualTo("end");
  }

  @Test
  void aMissingProgramIsUnavailableAndNamed() {
    Failure failure = refused(ProcessCall.of(List.of("/no/such/pg_dump"), log));
    assertThat(failure.message())
        .isEqualTo("cannot run /no/such/pg_dump: No such file or directory");
    assertThat(failure.hint()).endsWith("ls -l /no/such/pg_dump");
  }

  @Test
  void aFileThatMayNotBeExecutedIsUnavailable() throws IOException {
    Path file = Files.writeString(folder.resolve("not executable"), "#!/bin/sh\n");
    Failure failure = refused(ProcessCall.of(List.of(file.toString()), log));
    assertThat(failure.message()).isEqualTo("cannot run " + file + ": Permission denied");
    assertThat(failure.hint()).endsWith("ls -l '" + file + "'");
  }

  @Test
  void aLogInAMissingFolderIsNotTakenForAMissingProgram() {
    Path nowhere = folder.resolve("missing/run.log");
    Failure failure = refused(ProcessCall.of(List.of("/bin/true"), nowhere));
    assertThat(failure.message())
        .isEqualTo("cannot write the log " + nowhere + ": its folder is not there");
  }

  @Test
  void secretsAreOnlyInTheEnvironment() throws IOException {
    ProcessCall call =
        new ProcessCall(
            List.of("/bin/sh", "-c", "tr '\\0' ' ' </proc/$$/cmdline; echo; echo ${#PGPASSWORD}"),
            Map.of("PGPASSWORD", "canary"),
            Set.of(),
            log,
            Duration.ZERO,
            () -> 0);
    assertThat(runner.run(call).tail()).endsWith("\n6");
    assertThat(Files.readString(log)).doesNotContain("canary");
    assertThat(call.toString()).doesNotContain("canary");
  }

  @Test
  void removedVariablesAreNotInherited() {
    ProcessCall call =
        new ProcessCall(
            List.of("/bin/sh", "-c", "echo \"[$HOME]\""),
            Map.of(),
            Set.of("HOME"),
            log,
            Duration.ZERO,
            () -> 0);
    assertThat(runner.run(call).tail()).isEqualTo("[]");
  }

  @Test
  void aChildWithoutProgressIsEndedWithAllItStarted() throws IOException {
    Failure failure = stalled("sleep 1000 & echo $! > pids; echo $$ >> pids; wait");
    assertThat(failure.message()).isEqualTo("sh made no progress for 300 ms and was ended");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.hint()).contains(log.toString());
    Children.assertGone(folder.resolve("pids"));
  }

  @Test
  void aStoppedChildIsEndedToo() throws IOException {
    stalled("echo $$ > pids; kill -STOP $$; echo never");
    Children.assertGone(folder.resolve("pids"));
  }

  @Test
  void aChildThatIgnoresTheSignalIsEndedByForce() throws IOException {
    stalled("trap '' TERM; echo $$ > pids; while :; do sleep 1; done");
    Children.assertGone(folder.resolve("pids"));
  }

  @Test
  void progressKeepsTheWatchdogQuiet() {
    ProcessCall call =
        new ProcessCall(
            List.of("/bin/sh", "-c", "sleep 1"),
            Map.of(),
            Set.of(),
            log,
            Duration.ofMillis(300),
            new AtomicLong()::incrementAndGet);
    assertThat(runner.run(call).status()).isZero();
  }

  @Test
  void workersOfAKilledLeaderAreEnded() throws IOException {
    ProcessResult result =
        runner.run(sh("cd " + folder + "; setsid sleep 1000 & echo $! > pids; kill -KILL $$"));
    assertThat(result.status()).isEqualTo(137);
    Children.assertGone(folder.resolve("pids"));
  }

  @Test
  void workersThatHoldThePipeOfAKilledLeaderDoNotKeepTheReaderWaiting() throws IOException {
    ProcessResult result =
        runner.read(
            sh("cd " + folder + "; sleep 1000 & echo $! > pids; kill -KILL $$"),
            InputStream::readAllBytes);
    assertThat(result.status()).isEqualTo(137);
    Children.assertGone(folder.resolve("pids"));
  }

  @Test
  void theReaderGetsEveryByte() {
    AtomicReference<byte[]> read = new AtomicReference<>(new byte[0]);
    ProcessResult result =
        runner.read(
            sh("head -c 5000000 /dev/zero; echo problem >&2; exit 4"),
            output -> read.set(output.readAllBytes()));
    assertThat(read.get()).hasSize(5_000_000);
    assertThat(result.status()).isEqualTo(4);
    assertThat(result.tail()).isEqualTo("problem");
  }

  @Test
  void aFullDiskBehindTheReaderEndsTheChildAndIsTheReason() {
    assertThatThrownBy(
            () ->
                runner.read(
                    sh("echo $$ > " + folder.resolve("pids") + "; exec cat /dev/zero"),
                    output -> {
                      try (OutputStream full = new FileOutputStream("/dev/full")) {
                        output.transferTo(full);
                      }
                    }))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
              assertThat(failure.message())
                  .isEqualTo("the data of sh could not be passed on: No space left on device");
              assertThat(failure.hint()).contains("df -h");
            });
    Children.assertGone(folder.resolve("pids"));
  }

  @Test
  void aFailureOfTheReaderComesOutAsItIs() {
    Failure own = Failure.findings("damaged", "look");
    assertThatThrownBy(
            () ->
                runner.read(
                    sh("cat /dev/zero"),
                    output -> {
                      throw own;
                    }))
        .isSameAs(own);
  }

  @Test
  void theChildGetsEverythingTheWriterWrites() {
    ProcessResult result = runner.write(sh("wc -c"), input -> input.write(new byte[3_000_000]));
    assertThat(result.tail().strip()).isEqualTo("3000000");
  }

  @Test
  void aChildThatReadsNoMoreIsJudgedByItsStatus() {
    assertThat(runner.write(sh("exit 0"), ProcessRunnerTest::endless).status()).isZero();
    ProcessResult failed = runner.write(sh("echo why >&2; exit 5"), ProcessRunnerTest::endless);
    assertThat(failed.status()).isEqualTo(5);
    assertThat(failed.tail()).isEqualTo("why");
  }

  @Test
  void aWriterThatFailsIsTheReasonWhateverTheChildSays() {
    assertThatThrownBy(
            () ->
                runner.write(
                    sh("cat >/dev/null; exit 0"),
                    input -> {
                      throw new IOException("the backup is damaged");
                    }))
        .isInstanceOf(Failure.class)
        .hasMessage("the data of sh could not be passed on: the backup is damaged");
  }

  @Test
  void anInterruptedThreadEndsItsChild() throws Exception {
    Path pids = folder.resolve("pids");
    AtomicReference<Throwable> thrown = new AtomicReference<>(new AssertionError("nothing"));
    CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                runner.run(sh("echo $$ > " + pids + "; exec sleep 1000"));
              } catch (Throwable broken) {
                thrown.set(broken);
              }
              stillInterrupted.complete(Thread.currentThread().isInterrupted());
            });
    thread.start();
    Children.awaitFile(pids);
    thread.interrupt();
    assertThat(stillInterrupted.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(thrown.get()).isInstanceOf(Failure.class).hasMessage("sh was interrupted");
    Children.assertGone(pids);
  }

  private static void endless(OutputStream input) throws IOException {
    byte[] chunk = "x\n".repeat(5000).getBytes(StandardCharsets.UTF_8);
    while (true) {
      input.write(chunk);
    }
  }

  /**
   * However long the machine takes to start it, it makes no progress once it has said who it is.
   */
  private Failure stalled(String script) {
    AtomicLong starting = new AtomicLong();
    ProcessCall call =
        new ProcessCall(
            List.of("/bin/sh", "-c", "cd " + folder + "; " + script),
            Map.of(),
            Set.of(),
            log,
            Duration.ofMillis(300),
            () -> size(folder.resolve("pids")) > 0 ? 0 : starting.incrementAndGet());
    return failure(call);
  }

  private Failure refused(ProcessCall call) {
    Failure failure = failure(call);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    return failure;
  }

  private Failure failure(ProcessCall call) {
    try {
      throw new AssertionError("it ended with " + runner.run(call));
    } catch (Failure failure) {
      return failure;
    }
  }

  private ProcessCall sh(String script) {
    return ProcessCall.of(List.of("/bin/sh", "-c", script), log);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException missing) {
      return -1;
    }
  }
}
