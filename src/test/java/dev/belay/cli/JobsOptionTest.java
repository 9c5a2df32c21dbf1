package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that work in several sessions, asked to work in none. */
class JobsOptionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "create-backup",
        "backup-restore latest",
        "export-data",
        "rollback-migration V1",
        "migrate",
        "drill",
        "rehearse",
        "emergency-recovery",
        "guard --jobs 0 -- true"
      })
  void noJobIsAWrongCommandLineBeforeAnythingIsReached(String line, @TempDir Path folder) {
    String jobs = line.contains("--jobs") ? line : line + " --jobs 0";

    Cli.Result result =
        new Cli(folder)
            .with("PGHOST", "127.0.0.1")
            .with("PGPORT", "1")
            .with("PGDATABASE", "nothing")
            .run(jobs.split(" "));

    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains("error: --jobs is 0", "hint: give at least 1");
  }
}
