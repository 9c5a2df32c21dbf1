package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.process.ShellWords;
import dev.belay.support.Await;
import dev.belay.support.Children;
import dev.belay.support.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real program in a JVM of its own: streams, pipes, signals, a terminal. */
@Timeout(120)
class MainTest {
  private final Path folder;

  MainTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void theAnswerIsOnStandardOutput() {
    Programs.Result result = sh(program("config"));
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("SETTING");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoError() {
    Programs.Result result =
        sh("set -o pipefail; " + program("--help") + " | head -c 1; echo \" ${PIPESTATUS[0]}\"");
    assertThat(result.out()).isEqualTo("U 0\n");
    assertThat(result.err()).isEmpty();
    assertThat(sh(program("config") + " >&-").err()).doesNotContain("\tat ");
  }

  @Test
  void aFullDiskUnderTheAnswerIsToldInThreeLines() {
    Programs.Result result = sh(program("config") + " > /dev/full");
    assertThat(result.status()).isEqualTo(12);
    assertThat(result.err())
        .startsWith("error: the answer could not be written to standard output\n");
    assertThat(result.err().lines()).hasSize(3);
  }

  @Test
  void withoutATerminalThereAreNoColoursAndNoQuestions() {
    Programs.Result result =
        sh(ShellWords.join(Programs.java("dev.belay.cli.Sample", "sample", "orders")));
    assertThat(result.status()).isEqualTo(11);
    assertThat(result.err()).doesNotContain("\u001b").contains("nobody is there");
  }

  @Test
  void controlCAtTheQuestionEndsWith130AndCleansUp() throws Exception {
    Path script = folder.resolve("typescript");
    // The trap keeps the shell itself, which some shells would not survive.
    String command =
        "trap : INT; "
            + ShellWords.join(Programs.java("dev.belay.cli.Sample", "sample", "orders"))
            + "; echo status $?";
    Process terminal =
        new ProcessBuilder("script", "-qfc", command, script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    try (OutputStream keys = terminal.getOutputStream()) {
      awaitText(script, "Go on? [y/N]", terminal);
      keys.write(3);
      keys.flush();
      awaitText(script, "status 130", terminal);
    }
    assertThat(terminal.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(script)).contains("cleaned up").doesNotContain("done:");
  }

  @Test
  void aSignalIsToldAndIsTheStatus() throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process program =
        new ProcessBuilder(Programs.java(Held.class.getName(), folder.resolve("pids").toString()))
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    Children.awaitFile(folder.resolve("pids"));
    program.destroy();
    assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(program.exitValue()).isEqualTo(143);
    assertThat(Files.readString(err)).contains("error: ended by a signal\n", "state: ", "hint: ");
    assertThat(Files.readString(out)).isEmpty();
  }

  @Test
  void whateverIsThrownAtTheTopIsThreeLines() {
    Programs.Result result = sh(ShellWords.join(Programs.java(Broken.class.getName())));
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith(
            """
            error: a defect of belay: java.lang.StackOverflowError
            state: not known to be touched
            hint: report it with its trace, at the end of belay.log or below
            """)
        .contains("\tat dev.belay.app.MainTest");
  }

  /** The program, held in the middle. */
  static final class Held {
    private Held() {}

    public static void main(String[] arguments) {
      System.exit(
          Main.guarded(
              terminal -> {
                try {
                  Files.writeString(Path.of(arguments[0]), ProcessHandle.current().pid() + "\n");
                  new CountDownLatch(1).await();
                  return 0;
                } catch (IOException | InterruptedException broken) {
                  throw new IllegalStateException(broken);
                }
              }));
    }
  }

  /** The program with a defect. */
  static final class Broken {
    private Broken() {}

    public static void main(String[] arguments) {
      System.exit(
          Main.guarded(
              terminal -> {
                throw new StackOverflowError();
              }));
    }
  }

  private static void awaitText(Path file, String text, Process writer) {
    try {
      Await.until("'" + text + "'", () -> text(file).contains(text), writer);
    } catch (AssertionError never) {
      throw new AssertionError("there is: " + text(file), never);
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  private String program(String... arguments) {
    return ShellWords.join(Programs.java(Main.class.getName(), arguments));
  }

  private Programs.Result sh(String script) {
    return Programs.run(
        Map.of(),
        Set.of(),
        "/bin/bash",
        "-c",
        "cd " + ShellWords.quote(folder.toString()) + "; " + script);
  }
}
