package dev.belay.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.config.AppSettings;
import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two apps of one database, of which one needs what the other makes. */
@Timeout(120)
class SeveralAppsIT {
  @TempDir Path folder;
  private Target live;
  private Cli cli;

  @BeforeEach
  void open() throws IOException {
    live = TestServer.fresh("apps");
    cli = new Cli(folder).on(live).with("BELAY_SCRATCH_KEEP", "0");
    Files.writeString(
        folder.resolve("belay.yaml"),
        """
        apps:
          medications:
            schemas: [medications]
            locations: filesystem:medications
          users:
            schemas: [users]
            locations: filesystem:users
        """);
    write("users/V1__people.sql", "create table users.person (id int primary key, name text);");
    write(
        "medications/V1__drugs.sql",
        "create table medications.drug (id int, by int references users.person);");
    write("medications/V2__notes.sql", "alter table medications.drug add note text;");
  }

  @AfterEach
  void drop() {
    TestServer.drop(live);
  }

  private void write(String name, String sql) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, sql);
  }

  private void migrate(String app) {
    RealFlyway.of(
            live,
            new AppSettings(
                app,
                List.of(app),
                List.of(),
                List.of("filesystem:" + folder.resolve(app)),
                List.of(),
                app,
                "flyway_schema_history",
                Map.of(),
                Map.of()),
            true)
        .migrate();
  }

  @Test
  void theOtherAppIsReplayedBeforeAndIsNoPartOfTheAnswer() {
    migrate("users");
    migrate("medications");
    assertThat(cli.expect(0, "validate-schema").out())
        .contains("0 missing, 0 orphaned, 0 different");
    assertThat(cli.expect(10, "check-dependencies", "medications", "V1").out())
        .contains("V2__notes")
        .doesNotContain("people");
    assertThat(cli.expect(0, "check-dependencies", "users", "V1").out())
        .contains("V1__people of app users");
    try (Database session = new JdbcDatabases("belay-test").open(live)) {
      session.execute("alter table users.person add by_hand int");
    }
    assertThat(cli.expect(10, "validate-schema", "users").out())
        .contains("orphaned   column users.person.by_hand");
    assertThat(cli.expect(0, "validate-schema", "medications").out()).contains("0 orphaned");
  }

  @Test
  void whatIsPendingIsCheckedOnTopOfTheOtherApp() {
    migrate("users");
    assertThat(cli.expect(0, "check-migrations", "medications", "--no-undo").out())
        .contains("V1__drugs", "V2__notes")
        .doesNotContain("people");
  }

  @Test
  void nothingIsAppliedYetAndBothAreReplayed() {
    assertThat(cli.expect(0, "check-dependencies", "medications", "V1").out())
        .contains("V1__drugs is not applied; everything that it needs is");
  }

  @Test
  void whatIsKeptFollowsFromTheOtherAppToo() throws IOException {
    cli.with("BELAY_SCRATCH_KEEP", "2");
    cli.expect(0, "check-dependencies", "medications", "V1", "--no-proof");
    cli.expect(0, "check-dependencies", "medications", "V1", "--no-proof");
    assertThat(kept()).isEqualTo(1);
    write("users/V1__people.sql", "create table users.person (id int primary key, town text);");
    cli.expect(0, "check-dependencies", "medications", "V1", "--no-proof");
    assertThat(kept()).isEqualTo(2);
  }

  private long kept() {
    try (Database session = new JdbcDatabases("belay-test").open(live)) {
      return session.number(
          "select count(*) from pg_database where datname like 'belay\\_template\\_%'"
              + " and shobj_description(oid, 'pg_database') like '%app medications%'");
    }
  }
}
