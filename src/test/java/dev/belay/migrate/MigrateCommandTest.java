package dev.belay.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line and the configuration may say; no server is reached. */
class MigrateCommandTest {
  @TempDir Path here;

  private Cli.Result run(String... arguments) {
    return new Cli(here)
        .with("PGHOST", "127.0.0.1")
        .with("PGPORT", "1")
        .with("PGDATABASE", "nowhere")
        .with("PGUSER", "nobody")
        .run(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--max-lock 100ms | without --zero-downtime",
        "--zero-downtime --max-lock 5ms | not from 10 ms to 1 min",
        "--zero-downtime --unproven | needs the replay",
        "--no-backup --on-failure restore | needs the backup",
        "--no-backup --backup-level sound | are given together",
        "--backup-level best | best",
        "--fail-on huge | there is no risk 'huge'",
        "--accept weather | there is no point 'weather'",
        "--accept disk --no-preflight | are given together",
        "--accept-loss -1 | --accept-loss is -1",
        "--lock-tries 0 | --lock-tries is 0",
        "--jobs 0 | --jobs is 0",
        "--watch 2h | longer than an hour",
        "--target ../x | which is no version",
        "--on-failure pray | there is no 'pray'",
        "--monitor --no-monitor | are given together",
        "--jars nowhere.jar | does not exist",
        "nosuchapp | there is no app 'nosuchapp'"
      })
  void whatMakesNoSenseIsRefusedBeforeAnythingIsReached(String arguments, String message) {
    Cli.Result result = run(("migrate " + arguments).split(" "));
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(message).contains("the database was not changed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "failOn: sky | belay.yaml:2: there is no risk 'sky'",
        "failon2: low | unknown key 'failon2' of migrate",
        "maxLock: 2h | not from 10 ms to 1 min 0 s",
        "accept: [moon] | there is no point 'moon'",
        "watch: soon | not a duration"
      })
  void theConfigurationIsCheckedWithItsLine(String line, String message) throws IOException {
    Files.writeString(here.resolve("belay.yaml"), "migrate:\n  " + line + "\n");
    Cli.Result result = run("migrate");
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(message);
  }

  @Test
  void ofSeveralAppsOneIsNamed() throws IOException {
    Files.writeString(
        here.resolve("belay.yaml"),
        "apps:\n  one: {locations: ['filesystem:a']}\n  two: {locations: ['filesystem:b']}\n");
    Cli.Result result = run("migrate");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("one, two");
  }

  @Test
  void aServerThatIsNotThereIsUnavailable() {
    Cli.Result result = run("migrate", "--yes");
    assertThat(result.status()).as(result.err()).isEqualTo(12);
  }
}
