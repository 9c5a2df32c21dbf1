package dev.belay.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Programs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "",
        "two words",
        "it's",
        "\"; drop table x; --",
        "$HOME `id` \\ * ? ! ~",
        "--option=ü€",
        "two\nlines",
        "'"
      })
  void aShellReadsBackWhatWasQuoted(String word) {
    String line = ShellWords.join(List.of("printf", "%s", word));
    assertThat(Programs.run("/bin/sh", "-c", line).out()).isEqualTo(word);
  }

  @Test
  void noNameInAStatementReachesTheShell() {
    assertThat(ShellWords.psql("drop index \"x'; rm -rf ~; '$(id)\""))
        .isEqualTo("psql -c 'drop index \"x'\\''; rm -rf ~; '\\''$(id)\"'");
  }
}
