package dev.belay.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Both commands, from arguments to exit status. */
class StatusCommandsIT {
  private Target target = TestServer.admin();
  private Path here = Path.of("");

  @BeforeEach
  void create(@TempDir Path temporary) throws IOException {
    target = TestServer.fresh("commands");
    here = temporary;
    new Clinic(target, here).migrate();
    Files.writeString(
        here.resolve("belay.yaml"),
        """
        apps:
          medications:
            schemas: ['%s']
            locations: [db/migration]
            undoLocations: [db/undo]
        """
            .formatted(Clinic.SCHEMA));
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void listsMigrations() {
    Cli.Result result = cli(target).expect(0, "list-migrations", "medications");

    assertThat(result.out())
        .contains("at version 3):")
        .contains("[✓]  V1__initial")
        .contains("undo: db/undo/U1__initial.sql");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void listsMigrationsAsJson() {
    JsonNode answer =
        Json.MAPPER.readTree(cli(target).expect(0, "list-migrations", "--output", "json").out());

    assertThat(answer.get("command").stringValue()).isEqualTo("list-migrations");
    assertThat(answer.get("databaseChanged").booleanValue()).isFalse();
    JsonNode app = answer.get("result").get("apps").get(0);
    assertThat(app.get("app").stringValue()).isEqualTo("medications");
    assertThat(app.get("currentVersion").stringValue()).isEqualTo("3");
  }

  @Test
  void refusesAnAppThatIsNotThere() {
    Cli.Result result = cli(target).expect(2, "list-migrations", "medication");

    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("error: there is no app 'medication'")
        .contains("hint: use one of: medications");
  }

  @Test
  void listsNothingWhenTheServerIsDown() throws IOException {
    Cli.Result result = whereNobodyListens(12, "list-migrations");

    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("error: cannot connect to clinic@localhost:");
    assertThat(result.err().lines()).hasSize(3);
  }

  @Test
  void verifiesTheState() {
    Cli.Result result = cli(target).run("verify-state");

    assertThat(result.out())
        .startsWith("State of " + target)
        .contains("ok    connection")
        .contains("ok    pending-migrations");
    assertThat(result.status()).isEqualTo(result.out().contains("FAIL  server-settings") ? 10 : 0);
  }

  @Test
  void verifiesTheStateAsJson() throws IOException {
    Files.delete(here.resolve("db/migration/V2__names.sql"));
    JsonNode answer =
        Json.MAPPER.readTree(cli(target).expect(10, "verify-state", "--output", "json").out());

    assertThat(answer.get("outcome").stringValue()).isEqualTo("FINDINGS");
    JsonNode result = answer.get("result");
    assertThat(result.propertyNames())
        .containsExactly(
            "database",
            "overallStatus",
            "checksPassed",
            "checksWarned",
            "checksFailed",
            "checksNotChecked",
            "details");
    assertThat(result.get("overallStatus").stringValue()).isEqualTo("failed");
    assertThat(result.get("checksFailed").intValue()).isPositive();
  }

  @Test
  void saysInTheReportAndInThreeLinesThatTheServerIsDown() throws IOException {
    Cli.Result result = whereNobodyListens(12, "verify-state");

    assertThat(result.out()).contains("FAIL  connection").contains("????  invalid-indexes");
    assertThat(result.err().lines()).hasSize(3);
    assertThat(result.err())
        .startsWith("error: cannot connect to ")
        .contains("state: the database was not changed")
        .contains("hint: ");
  }

  @Test
  void everyCommandShowsExamples() {
    for (String command : new String[] {"list-migrations", "verify-state"}) {
      assertThat(cli(target).expect(0, command, "--help").out())
          .contains("Examples:")
          .contains("  belay " + command);
    }
  }

  private Cli.Result whereNobodyListens(int status, String command) throws IOException {
    try (Socket taken = new Socket()) {
      // It has the port, so that nobody else does, and does not listen.
      taken.bind(new InetSocketAddress("localhost", 0));
      Target down =
          new Target(
              "localhost", taken.getLocalPort(), "clinic", "app", Optional.empty(), Tls.PREFER, 5);
      return cli(down).expect(status, command);
    }
  }

  private Cli cli(Target database) {
    return new Cli(here).on(database);
  }
}
