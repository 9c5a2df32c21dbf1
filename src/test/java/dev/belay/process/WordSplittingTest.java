package dev.belay.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines are cut into words as a POSIX shell does. */
class WordSplittingTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "systemctl stop app",
        "  a\tb   c  ",
        "'one word' \"two words\" three\\ words",
        "a'b'\"c\"d",
        "'' \"\" x",
        "'it'\\''s' \"it's\"",
        "\"a \\\" b \\\\ c \\n d\" 'back\\slash'",
        "a\\\nb \"c\\\nd\"",
        "'$HOME `x` | & ; < >' \"| & ; < > ( )\"",
        "5$ \"costs $ 3\" \\$HOME \"\\$HOME\"",
        "drop'; table \"x\"'",
        "Ünïcode 'naïve “quotes”' -Dx=1,2 a=b # 'no comment'"
      })
  void cutsWhatAShellWouldCut(String line) throws IOException, InterruptedException {
    assertThat(ShellWords.split(line)).containsExactlyElementsOf(byShell(line));
  }

  /** A hash begins a comment for a shell; here a line is a command and nothing else. */
  private static List<String> byShell(String line) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "for w in " + line.strip().replace("#", "\\#") + "\ndo printf '%s\\0' \"$w\"; done")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    List<String> words = List.of(printed.split("\0", -1));
    return words.subList(0, words.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo 'open",
        "echo \"open",
        "echo \"open\\\"",
        "echo \\",
        "a && b",
        "a | b",
        "a; b",
        "a > file",
        "echo $HOME",
        "echo \"$HOME\"",
        "echo ${HOME}",
        "echo $(date)",
        "echo `date`",
        "echo \"`date`\""
      })
  void refusesWhatIsNotClosedAndWhatOnlyAShellCouldDo(String line) {
    assertThatThrownBy(() -> ShellWords.split(line))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure.message()).contains(line);
              assertThat(failure.hint()).isNotBlank();
            });
  }

  @Test
  void aLineEndIsABlank() {
    assertThat(ShellWords.split("systemctl\n  stop\r\n  app\n"))
        .containsExactly("systemctl", "stop", "app");
  }

  @Test
  void whatIsQuotedIsSplitBackIntoTheSameWords() {
    List<String> words = List.of("a b", "", "it's", "\"", "$x", "a\nb", "\\", "-x=y");

    assertThat(ShellWords.split(ShellWords.join(words))).isEqualTo(words);
  }
}
