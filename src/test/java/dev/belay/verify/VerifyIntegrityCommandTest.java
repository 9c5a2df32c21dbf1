package dev.belay.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command says before it reaches a server. */
class VerifyIntegrityCommandTest {
  private Path here = Path.of("");

  @BeforeEach
  void folder(@TempDir Path temporary) {
    here = temporary;
  }

  private Cli.Result run(int status, String... arguments) {
    return new Cli(here)
        .with("PGHOST", "localhost")
        .with("PGPORT", "1")
        .with("PGDATABASE", "x")
        .expect(status, arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--gentle --fast | given together",
        "--gentle --jobs 3 | works in one session",
        "--max-rows 0 | it can be from 1 to 10000",
        "--jobs 0 | it can be from 1 to 64",
        "--fail-on fatal | there are error and warning",
        "--check nothing | there is no check 'nothing'",
        "--skip nothing | there is no check 'nothing'",
        "--check index-invalid --skip index-invalid | no check is left",
        "--check data-comparison | needs something to compare with",
        "--backup latest --export-path latest | given together",
        "--app nobody | there is no app 'nobody'",
        "--rule-timeout soon | is not a duration",
        "--list-checks --output junit | has no --output junit",
        "--output yaml | yaml"
      })
  void wrongOptionsAreUsageErrors(String options, String message) {
    String[] arguments = ("verify-integrity " + options).split(" ");

    Cli.Result result = run(2, arguments);

    assertThat(result.err()).contains(message).contains("hint: ");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void otherCommandsHaveNoJunit() {
    Cli.Result result = run(2, "list-backups", "--output", "junit");

    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains(
            "error: belay list-backups has no --output junit, since its answer is no list of checks")
        .contains("hint: belay list-backups --output json");
  }

  @Test
  void rulesThatAreNotThereAreAFailure() throws IOException {
    assertThat(run(12, "verify-integrity", "--rules", "gone").err())
        .contains("there is no file or folder of rules");
    Files.createDirectory(here.resolve("empty"));
    assertThat(run(12, "verify-integrity", "--rules", "empty").err())
        .contains("there is no .sql file");
  }

  @Test
  void twoChecksWithOneIdAreRefused() throws IOException {
    Files.createDirectory(here.resolve("a"));
    Files.createDirectory(here.resolve("b"));
    Files.writeString(here.resolve("a/same.sql"), "-- A.\nselect 1");
    Files.writeString(here.resolve("b/same.sql"), "-- B.\nselect 1");
    Files.writeString(here.resolve("index-invalid.sql"), "-- C.\nselect 1");

    assertThat(run(2, "verify-integrity", "--rules", "a", "--rules", "b").err())
        .contains("two checks have the id 'same'");
    assertThat(run(2, "verify-integrity", "--rules", "index-invalid.sql").err())
        .contains("two checks have the id 'index-invalid': built in and");
  }

  @Test
  void theChecksAreListedWithoutAServer() throws IOException {
    Files.createDirectory(here.resolve("rules"));
    Files.writeString(
        here.resolve("rules/mine.sql"), "-- Mine.\n-- owner: me\n-- severity: warning\nselect 1");

    String out = run(0, "verify-integrity", "--list-checks").out();

    assertThat(out)
        .contains("foreign-key-orphan")
        .contains("data-comparison")
        .contains("table-counts");
    assertThat(out).containsPattern("mine +warning +.*rules/mine.sql +me +Mine\\.");
    assertThat(run(0, "verify-integrity", "--list-checks", "--output", "json").out())
        .contains("\"check\": \"mine\"");
  }
}
