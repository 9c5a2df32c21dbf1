package dev.belay.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.config.AppSettings;
import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.PgVariables;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import dev.belay.swap.GuardedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second look at a schema, after the first one was cut. */
class SchemaLookIT {
  @TempDir private Path folder = Path.of("");
  private Target live = TestServer.admin();
  private int opened;

  @BeforeEach
  void create() throws IOException {
    live = TestServer.fresh("look");
    Files.createDirectories(folder.resolve("db"));
    Files.writeString(
        folder.resolve("belay.yaml"),
        """
        scratch: {keep: 0}
        apps: {one: {locations: ['filesystem:%s']}}
        """
            .formatted(folder.resolve("db")));
  }

  @AfterEach
  void drop() {
    TestServer.drop(live);
  }

  @Test
  void whatWasReplayedIsComparedAgainThoughTheFirstComparisonWasCut() {
    // The first session with the database replays, the next ones compare.
    SchemaLook look = new SchemaLook(run(2));

    assertThatThrownBy(() -> look.look(apps(), List.of())).hasMessageContaining("cut");

    assertThat(look.again().status()).isEqualTo(StepStatus.DONE);
  }

  @Test
  void whereNothingWasReplayedTheReasonIsToldAgain() {
    SchemaLook look = new SchemaLook(run(1));

    assertThatThrownBy(() -> look.look(apps(), List.of())).hasMessageContaining("cut");

    assertThatThrownBy(look::again).hasMessageContaining("cut");
  }

  private List<AppSettings> apps() {
    return settings().apps();
  }

  private Settings settings() {
    return Configuration.load(
        new Surroundings(PgVariables.of(live), folder, folder, "tester"), Flags.NONE);
  }

  /**
   * A run whose connection is cut once.
   *
   * @param cut at the opening of which session with the database, from 1
   */
  private GuardedRun run(int cut) {
    RunId run = RunId.fresh();
    Databases real = new JdbcDatabases(RunSessions.name(run));
    Databases cutting =
        target -> {
          if (target.database().equals(live.database()) && ++opened == cut) {
            throw Failure.unavailable("the connection was cut", "try again");
          }
          return real.open(target);
        };
    return new GuardedRun(
        run, cutting, settings(), Quiet.progress(), "emergency-recovery", Duration.ZERO);
  }
}
