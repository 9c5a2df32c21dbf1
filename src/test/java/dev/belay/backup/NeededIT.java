package dev.belay.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.config.AppSettings;
import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import dev.belay.flyway.Rows;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Retention knows which backup a migration still needs for its way back. */
@Timeout(120)
class NeededIT {
  private final Path here;
  private Target target = TestServer.admin();

  NeededIT(@TempDir Path here) {
    this.here = here;
  }

  @BeforeEach
  void create() throws IOException {
    target = TestServer.fresh("needed");
    Files.createDirectories(here.resolve("db/migration"));
    Files.createDirectories(here.resolve("db/undo"));
    Files.writeString(
        here.resolve("belay.yaml"),
        """
        apps:
          default:
            locations: [db/migration]
            undoLocations: [db/undo]
        """);
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private void migrate(String script, String sql) throws IOException {
    Files.writeString(here.resolve("db/migration").resolve(script), sql);
    AppSettings app = Rows.app(here.resolve("db/migration"));
    RealFlyway.of(target, app, true).migrate();
  }

  private Path backup() {
    String out =
        new Cli(here)
            .on(target)
            .expect(0, "create-backup", "--level", "listed", "--output", "json")
            .out();
    return Path.of(Json.MAPPER.readTree(out).get("result").get("path").stringValue());
  }

  private Cli.Result cleanup() {
    return new Cli(here)
        .on(target)
        .expect(0, "cleanup-backups", "--keep-days", "0", "--keep-min", "1", "--yes");
  }

  @Test
  void theOneFromBeforeAMigrationWithoutUndoStaysUntilThereIsAnUndo() throws IOException {
    migrate("V1__a.sql", "create table a (n int);");
    Path older = backup();
    Path before = backup();
    migrate("V2__b.sql", "drop table a;");
    Path after = backup();
    Path newest = backup();

    assertThat(cleanup().out())
        .contains("the way back from V2__b.sql of the app default, which has no undo script");
    assertThat(before).exists();
    assertThat(newest).exists();
    assertThat(older).doesNotExist();
    assertThat(after).doesNotExist();

    Files.writeString(here.resolve("db/undo/U2__b.sql"), "create table a (n int);");
    cleanup();
    assertThat(before).doesNotExist();
    assertThat(newest).exists();
  }

  @Test
  void aRepeatableMigrationThatRanAgainNeedsTheOneFromBeforeIt() throws IOException {
    migrate("R__view.sql", "create or replace view v as select 1 as n;");
    Path before = backup();
    migrate("R__view.sql", "create or replace view v as select 2 as n;");
    backup();
    Path newest = backup();

    assertThat(cleanup().out()).contains("the way back from R__view.sql");
    assertThat(before).exists();
    assertThat(newest).exists();
  }
}
