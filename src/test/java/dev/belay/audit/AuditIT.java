package dev.belay.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What commands leave in the audit trail, and what {@code belay audit} makes of it. */
class AuditIT {
  @TempDir private Path home = Path.of("");
  private Target live = TestServer.admin();

  @BeforeEach
  void make() {
    live = TestServer.fresh("audit");
    sql("create table public.t (id integer primary key, note text)", "insert into t values (1)");
  }

  @AfterEach
  void drop() {
    TestServer.drop(live);
  }

  private void sql(String... statements) {
    try (Database session = new JdbcDatabases("test").open(live)) {
      for (String statement : statements) {
        session.execute(statement.replace(" t ", " public.t "));
      }
    }
  }

  private Cli cli() {
    return new Cli(home).on(live);
  }

  private Path trail() {
    return home.resolve(".belay/journal/audit.jsonl");
  }

  private JsonNode operations() {
    JsonNode answer = Json.MAPPER.readTree(cli().expect(0, "audit", "--output", "json").out());
    return answer.path("result").path("operations");
  }

  @Test
  void aChangeIsRecordedBeforeAndAfterWithThePlanThatWasAgreedTo() throws IOException {
    cli().expect(0, "export-data");
    sql("delete from t ");
    cli().expect(0, "import-data", "latest", "--yes");

    JsonNode operations = operations();
    assertThat(operations).hasSize(2);
    assertThat(operations.get(0).path("command").asString()).isEqualTo("export-data");
    JsonNode change = operations.get(1);
    assertThat(change.path("command").asString()).isEqualTo("import-data");
    assertThat(change.path("arguments").asString()).isEqualTo("import-data latest --yes");
    assertThat(change.path("target").asString()).isEqualTo(live.toString());
    assertThat(change.path("databaseUser").asString()).isEqualTo(live.user());
    assertThat(change.path("plans").get(0).asString()).matches("[0-9a-f]{64}");
    assertThat(change.path("outcome").asString()).isEqualTo("OK");
    assertThat(change.path("exitStatus").asInt()).isZero();
    assertThat(change.path("databaseChanged").asBoolean()).isTrue();
    assertThat(change.path("durationMillis").asLong()).isPositive();
    String run = change.path("run").asString();
    try (var journals = Files.list(trail().resolveSibling(""))) {
      assertThat(journals.map(Path::toString)).anyMatch(name -> name.contains(run));
    }
    assertThat(cli().expect(0, "audit", "--verify").out()).contains("chain: unbroken", "head:");
  }

  @Test
  void whatOnlyLooksOrWasNotAgreedToLeavesNoLine() {
    cli().expect(0, "export-data", "--dry-run");
    cli().expect(0, "verify-integrity");
    cli().expect(0, "list-backups");
    cli().expect(0, "cleanup-backups");
    assertThat(trail()).doesNotExist();

    cli().expect(0, "export-data");
    sql("delete from t ");
    cli().expect(0, "import-data", "latest", "--dry-run");
    cli().expect(11, "import-data", "latest");
    cli().answering("n").expect(11, "import-data", "latest");

    assertThat(operations()).hasSize(1);
    cli().expect(0, "cleanup-backups", "--yes");
    assertThat(operations()).hasSize(2);
  }

  @Test
  void aFailureIsRecordedWithItsMessageAndWithoutSecrets() throws IOException {
    cli().expect(0, "export-data");
    sql(
        "delete from t ",
        "create function public.no() returns trigger language plpgsql as"
            + " $$ begin raise 'not with password=hunter22'; end $$",
        "create trigger no before insert on t for each row execute function public.no()");
    cli()
        .expect(
            13,
            "import-data",
            "latest",
            "--yes",
            "--set",
            "password=hunter22",
            "--set",
            "connect-timeout=3");

    JsonNode failed = operations().get(1);
    assertThat(failed.path("outcome").asString()).isEqualTo("FAILED");
    assertThat(failed.path("exitStatus").asInt()).isEqualTo(13);
    assertThat(failed.path("databaseChanged").asBoolean()).isFalse();
    assertThat(failed.path("note").asString()).contains("public.t");
    assertThat(failed.path("arguments").asString()).contains("password=****");
    assertThat(Files.readString(trail())).doesNotContain("hunter22");
  }

  @Test
  void aTrailThatCannotBeWrittenStopsTheChangeBeforeIt() throws IOException {
    cli().expect(0, "export-data");
    sql("delete from t ");
    Files.setPosixFilePermissions(trail(), PosixFilePermissions.fromString("rw-------"));
    String whole = Files.readString(trail());
    Files.writeString(trail(), whole.replace("export-data", "export-dato"));

    Cli.Result refused = cli().expect(11, "import-data", "latest", "--yes");

    assertThat(refused.err())
        .contains("is not as it was written", "state: the database was not changed", "mv ");
    try (Database session = new JdbcDatabases("test").open(live)) {
      assertThat(session.number("select count(*) from public.t")).isZero();
    }
    assertThat(cli().expect(10, "audit", "--verify").out()).contains("BROKEN (CHANGED)", "line");
    assertThat(cli().expect(0, "audit").out()).contains("not as they were written");
  }

  @Test
  void theHeadIsComparedWithAKeptOne() {
    cli().expect(0, "export-data");
    String out = cli().expect(0, "audit").out();
    String head = out.substring(out.indexOf("head:") + 5).strip();

    cli().expect(0, "export-data");

    assertThat(cli().expect(0, "audit", "--verify", "--head", head).out()).contains("line 2");
    assertThat(cli().expect(10, "audit", "--verify", "--head", "0".repeat(64)).out())
        .contains("HEAD_MISSING");
    cli().expect(2, "audit", "--head", head);
    cli().expect(2, "audit", "--verify", "--head", "x");
    cli().expect(2, "audit", "--limit", "0");
    cli().expect(2, "audit", "--since", "yesterday");
  }

  @Test
  void theNewestAreShownAndOlderOnesAreLeftOut() {
    for (int number = 0; number < 4; number++) {
      cli().expect(0, "export-data");
    }

    String two = cli().expect(0, "audit", "--limit", "2").out();
    assertThat(two.lines().filter(line -> line.contains("export-data"))).hasSize(2);
    assertThat(two).contains("older ones are left out");
    assertThat(cli().expect(0, "audit", "--since", "1h").out().lines())
        .filteredOn(line -> line.contains("export-data"))
        .hasSize(4);
    assertThat(cli().expect(0, "audit", "--since", "2100-01-01").out())
        .contains("no operation is recorded in that time");
  }
}
