package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines that are wrong, and those that ask for help. */
class UsageTest {
  private final CommandTester program;

  UsageTest(@TempDir Path folder) {
    program = Sample.in(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          confg                  | there is no command 'confg'                    | did you mean: belay config
          drop-everything        | there is no command 'drop-everything'          | belay --help
          sample                 | missing required parameter: '<what>'           | belay sample --help
          sample x --outptu=json | belay sample has no option --outptu=json       | did you mean: --output
          -d x config            | belay has no option -d; options come after a command | write it as in: belay config --verbose
          sample x --password=canary | belay sample has no option --password=**** | belay sample --help
          sample x y             | belay sample takes no argument 'y' here        | belay sample --help
          sample x postgresql://app:1234_canary@db/shop | belay sample takes no argument 'postgresql://app:****@db/shop' here | belay sample --help
          sample x postgresql://app:1234/ca?n=a@r@y/shop | belay sample takes no argument 'postgresql://app:****@y/shop' here | belay sample --help
          sample x --output=xml  | invalid value for option '--output': expected one of [text, json, junit] (case-insensitive) but was 'xml' | belay sample --help
          sample x --url         | missing required parameter for option '--url' (<url>) | belay sample --help
          """)
  void isToldInThreeLines(String line, String message, String hint) {
    CommandTester.Result result = program.run(line.split(" "));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            "error: " + message + "\nstate: the database was not changed\nhint: " + hint + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sample x", "", "sample x --output"})
  void noPasswordWithABlankIsShown(String before) {
    List<String> words = new ArrayList<>(List.of(before.split(" ")));
    words.removeIf(String::isEmpty);
    words.add("postgresql://app:1234 canary@db/shop");

    CommandTester.Result result = program.run(words.toArray(String[]::new));

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("postgresql://app:****@db/shop").doesNotContain("1234");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sample --output json", "--output=json", "confg --output JSON"})
  void isAnEnvelopeToWhoeverAsksForJson(String line) {
    CommandTester.Result result = program.run(line.split(" "));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).startsWith("{").contains("\"exitStatus\": 2", "\"hint\"");
    assertThat(result.err()).startsWith("error: ");
  }

  @Test
  void withoutACommandTheUsageIsOnStandardError() {
    CommandTester.Result result = program.run();
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("Usage: belay ").contains("config");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-h",
        "help",
        "config --help",
        "help config",
        "sample --help",
        "help sample",
        "generate-completion --help",
        "sample --help --output json"
      })
  void helpIsAnAnswer(String line) {
    CommandTester.Result result = program.run(line.split(" "));
    assertThat(result.status()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("Usage: belay");
  }

  @Test
  void helpForWhatIsNotThereIsAUsageError() {
    CommandTester.Result result = program.run("help", "nothing");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V", "config --version"})
  void versionIsAnAnswer(String line) {
    CommandTester.Result result = program.run(line.split(" "));
    assertThat(result.status()).isZero();
    assertThat(result.out()).startsWith("belay ");
  }
}
