package dev.belay.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.cli.Terminal;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();

  /** One on which every command ends with that status. */
  private Stage stage(int status) {
    PrintWriter both = new PrintWriter(out);
    return new Stage(
        new Terminal(both, both, false, false, () -> null),
        (surroundings, terminal, arguments) -> status,
        folder);
  }

  @Test
  void goesOnWhenACommandEndsAsTheStoryTells() {
    stage(13).expect(ExitCode.FAILED, "migrate", "the clinic");

    assertThat(out).hasToString("\n$ belay migrate 'the clinic'\n(exit status 13)\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0  | FAILED      | the demo ends here, since 'belay migrate' ended with 0 and not with 13",
        "20 | FAILED      | the demo ends here, since 'belay migrate' ended with 20 and not with 13",
        "12 | UNAVAILABLE | the demo lacks what 'belay migrate' asked for above"
      })
  void endsWhenACommandDoesNotDoWhatTheStoryTells(int status, ExitCode end, String message) {
    assertThatThrownBy(() -> stage(status).expect(ExitCode.FAILED, "migrate"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(end);
              assertThat(failure.message()).isEqualTo(message);
            });
  }

  @Test
  void showsAndKeepsWhatAScriptPrintsInTheEnvironmentOfCron() throws IOException {
    Files.writeString(
        folder.resolve("night.sh"), "echo \"$TMPDIR $HOME\"; echo 'DELETE 9' >&2; exit 3\n");

    Stage.Shown shown = stage(0).script("night.sh");

    assertThat(shown).isEqualTo(new Stage.Shown(3, List.of(folder + " ", "DELETE 9")));
    assertThat(out)
        .hasToString(
            "\n$ env -i TMPDIR=\"$PWD\" sh night.sh\n%s \nDELETE 9\n(exit status 3)\n"
                .formatted(folder));
  }

  @Test
  void endsWhenSomethingIsNotAsItIsTold() {
    stage(0).insist(true, "the pharmacy wrote nothing");

    assertThatThrownBy(() -> stage(0).insist(false, "the pharmacy wrote nothing"))
        .hasMessage("the demo ends here, since the pharmacy wrote nothing");
  }
}
