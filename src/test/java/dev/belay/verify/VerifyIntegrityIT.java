package dev.belay.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command on a real database: every exit status, every form of the answer. */
class VerifyIntegrityIT {
  private static final String FAST = "--fast";

  private final JdbcDatabases databases = new JdbcDatabases("belay-test");
  private Target target = TestServer.admin();
  private Path here = Path.of("");

  @BeforeEach
  void fill(@TempDir Path temporary) {
    target = TestServer.fresh("verify");
    here = temporary;
    run(
        "create schema \"sh;op\"",
        "create table \"sh;op\".\"cus'tomer\" (id int primary key, name text)",
        "create table \"sh;op\".orders (id int primary key, customer int references \"sh;op\".\"cus'tomer\", total int)",
        "create table public.other (id serial primary key)",
        "insert into \"sh;op\".\"cus'tomer\" values (1, 'Ada')",
        "insert into \"sh;op\".orders select n, 1, n from generate_series(1, 50) n");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private void run(String... statements) {
    try (Database database = databases.open(target)) {
      for (String statement : statements) {
        database.execute(statement);
      }
    }
  }

  private Cli cli() {
    return new Cli(here).on(target);
  }

  private Cli.Result verify(int status, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "verify-integrity";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return cli().expect(status, all);
  }

  private JsonNode result(int status, String... arguments) {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--output";
    all[arguments.length + 1] = "json";
    JsonNode answer = Json.MAPPER.readTree(verify(status, all).out());
    assertThat(answer.get("exitStatus").asInt()).isEqualTo(status);
    assertThat(answer.get("databaseChanged").asBoolean()).isFalse();
    return answer.get("result");
  }

  private static List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(each -> each.get(field).asString())
        .toList();
  }

  private void orphan() {
    run(
        "set session_replication_role = replica",
        "insert into \"sh;op\".orders values (100, 99, 1)",
        "reset session_replication_role");
  }

  @Test
  void aDatabaseThatKeepsItsPromisesPasses() {
    JsonNode result = result(0, FAST);

    assertThat(result.get("overallStatus").asString()).isEqualTo("passed");
    assertThat(result.get("checksPassed").asInt()).isEqualTo(19);
    assertThat(result.get("checksFailed").asInt()).isZero();
    JsonNode details = result.get("details");
    assertThat(details.get("databaseConnection").asString()).isEqualTo("passed");
    assertThat(details.get("tableCounts").get("sh;op.orders").asLong()).isEqualTo(50);
    assertThat(details.get("foreignKeyIssues").isEmpty()).isTrue();
    assertThat(details.get("consistencyIssues").isEmpty()).isTrue();
    assertThat(details.get("dataComparison").isNull()).isTrue();
    assertThat(details.get("businessRuleIssues").isEmpty()).isTrue();
    assertThat(result.get("pace").get("mode").asString()).isEqualTo("fast");
  }

  @Test
  void orphansAreAFindingInEveryForm() {
    orphan();

    JsonNode issue = result(10, FAST).get("details").get("foreignKeyIssues").get(0);
    assertThat(issue.get("check").asString()).isEqualTo("foreign-key-orphan");
    assertThat(issue.get("count").asLong()).isEqualTo(1);
    assertThat(issue.get("findings").get(0).get("place").get("table").asString())
        .isEqualTo("orders");
    assertThat(verify(10, FAST).out())
        .contains("FAIL  foreign-key-orphan")
        .contains(
            "sh;op.orders, constraint orders_customer_fkey, refersTo sh;op.cus'tomer, 1 row: {\"id\":100,\"customer\":99}");
    assertThat(verify(10, FAST, "--output", "junit").out())
        .startsWith(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"19\" failures=\"1\" errors=\"0\"")
        .contains("<testcase classname=\"belay.checks\" name=\"foreign-key-orphan\"");
  }

  @Test
  void gentlyTheSameIsFound() {
    orphan();

    JsonNode result = result(10, "--gentle");

    assertThat(result.get("pace").get("mode").asString()).isEqualTo("gentle");
    assertThat(result.get("details").get("foreignKeyIssues").get(0).get("count").asLong())
        .isEqualTo(1);
    assertThat(result.get("details").get("tableCounts").get("sh;op.orders").asLong()).isEqualTo(51);
  }

  @Test
  void whereNobodySaysHowTheServerIsLookedAtAndTheReasonIsGiven() {
    String out = verify(0, "--check", "index-invalid").out();

    assertThat(out)
        .containsPattern(
            "pace: (gentle, in short steps with rests|fast, in \\d+ sessions?); the server is (busy|idle): ");
  }

  @Test
  void rulesOfTheUsualFolderRunAndTheirFindingsCount() throws IOException {
    Files.createDirectory(here.resolve("rules"));
    Files.writeString(
        here.resolve("rules/big-orders.sql"),
        "-- Orders that are too big.\n-- owner: sales\nselect id from \"sh;op\".orders where total > 30");

    JsonNode issue = result(10, FAST).get("details").get("businessRuleIssues").get(0);

    assertThat(issue.get("check").asString()).isEqualTo("big-orders");
    assertThat(issue.get("owner").asString()).isEqualTo("sales");
    assertThat(issue.get("findingCount").asLong()).isEqualTo(20);
    assertThat(issue.get("findings").size()).isEqualTo(10);
    JsonNode few =
        result(10, FAST, "--max-rows", "3").get("details").get("businessRuleIssues").get(0);
    assertThat(few.get("findings").size()).isEqualTo(3);
    assertThat(few.get("findingCount").asLong()).isEqualTo(20);
  }

  @Test
  void warningsFailOnlyWhenAsked() throws IOException {
    Files.writeString(here.resolve("w.sql"), "-- Look.\n-- severity: warning\nselect 1");

    assertThat(result(0, FAST, "--rules", "w.sql").get("overallStatus").asString())
        .isEqualTo("warning");
    verify(10, FAST, "--rules", "w.sql", "--fail-on", "warning");
  }

  @Test
  void whatCouldNotBeCheckedIsNeverPassedAndAFindingWins() throws IOException {
    Files.writeString(here.resolve("broken.sql"), "-- Broken.\nselect * from nowhere");

    JsonNode result = result(12, FAST, "--rules", "broken.sql");
    assertThat(result.get("overallStatus").asString()).isEqualTo("incomplete");
    assertThat(result.get("notChecked").get(0).get("reason").asString())
        .contains("\"nowhere\" does not exist");
    assertThat(verify(12, FAST, "--rules", "broken.sql", "--output", "junit").out())
        .contains("errors=\"1\"")
        .contains("<error type=\"not-checked\"");

    orphan();
    assertThat(result(10, FAST, "--rules", "broken.sql").get("notChecked").size()).isEqualTo(1);
  }

  @Test
  void aTableThatMayNotBeReadIsNamedAndTheOthersAreChecked() {
    run(
        "drop role if exists verify_lowly",
        "create role verify_lowly login",
        "grant usage on schema \"sh;op\" to verify_lowly",
        "grant select on \"sh;op\".orders, \"sh;op\".\"cus'tomer\" to verify_lowly");
    try {
      Cli.Result result = cli().with("PGUSER", "verify_lowly").expect(12, "verify-integrity", FAST);

      assertThat(result.out())
          .contains("not checked: table public.other: permission denied for table other")
          .contains("????  table-counts")
          .contains("ok    foreign-key-orphan");

      orphan();
      assertThat(
              cli().with("PGUSER", "verify_lowly").expect(10, "verify-integrity", "--gentle").out())
          .contains("FAIL  foreign-key-orphan");
    } finally {
      run("drop owned by verify_lowly", "drop role verify_lowly");
    }
  }

  @Test
  void aTableThatIsLockedIsWaitedForOnceAndNamed() {
    try (Database holder = databases.open(target)) {
      holder.execute("begin");
      holder.execute("lock table \"sh;op\".orders in access exclusive mode");

      String out = verify(12, FAST, "--set", "lock-timeout=200ms").out();

      assertThat(out)
          .contains(
              "not checked: table sh;op.orders: another session has locked it, and it was waited for 200 ms")
          .contains("ok    index-invalid");
      holder.rollback();
    }
  }

  @Test
  void onlyWhatBelongsToAnAppIsChecked() throws IOException {
    orphan();
    run(
        "create table public.late (a int)",
        "alter table public.late add constraint c check (a > 0) not valid");
    Files.writeString(
        here.resolve("belay.yaml"),
        "apps:\n  shop:\n    schemas: ['sh;op']\n  rest:\n    schemas: [public]\n");

    JsonNode shop = result(10, FAST, "--app", "shop");
    JsonNode rest = result(0, FAST, "--app", "rest");

    assertThat(shop.get("details").get("tableCounts").propertyNames())
        .containsExactlyInAnyOrder("sh;op.cus'tomer", "sh;op.orders");
    assertThat(shop.get("checksWarned").asInt()).isZero();
    assertThat(rest.get("details").get("foreignKeyIssues").isEmpty()).isTrue();
    assertThat(texts(rest.get("details").get("consistencyIssues"), "check"))
        .containsExactly("constraint-not-validated");
  }

  @Test
  void checksAreChosenAndLeftOutByTheirIds() {
    orphan();

    JsonNode one = result(0, FAST, "--check", "index-invalid");
    assertThat(texts(one.get("checks"), "check")).containsExactly("index-invalid");
    assertThat(one.get("details").get("tableCounts").isNull()).isTrue();
    verify(0, FAST, "--skip", "foreign-key-orphan");
  }

  @Test
  void aBackupIsComparedWithWhatIsThere() {
    String id = create();

    JsonNode same = result(0, FAST, "--backup", "latest").get("details").get("dataComparison");
    assertThat(same.get("with").asString()).isEqualTo(id);
    assertThat(same.get("status").asString()).isEqualTo("passed");
    assertThat(same.get("rows").asLong()).isEqualTo(51);
    assertThat(
            result(0, "--gentle", "--backup", id)
                .get("details")
                .get("dataComparison")
                .get("rows")
                .asLong())
        .isEqualTo(51);

    run(
        "update \"sh;op\".orders set total = -1 where id = 7",
        "insert into public.other values (default)");
    for (String pace : List.of(FAST, "--gentle")) {
      JsonNode differs =
          result(10, pace, "--backup", "latest").get("details").get("dataComparison");
      assertThat(differs.get("status").asString()).isEqualTo("failed");
      assertThat(differs.get("differences").toString())
          .contains("table sh;op.orders has other content in its 50 rows")
          .contains("table public.other has 1 row instead of 0");
    }
    assertThat(verify(10, FAST, "--backup", "latest", "--output", "junit").out())
        .contains("classname=\"belay.comparison\" name=\"data-comparison\"");
  }

  @Test
  void aBackupOfAnotherDatabaseIsSaidToBeOne() {
    String id = create();
    Target copy = TestServer.create(target.database() + " copy");
    try {
      JsonNode comparison =
          Json.MAPPER
              .readTree(
                  new Cli(here)
                      .on(copy)
                      .expect(
                          10,
                          "verify-integrity",
                          FAST,
                          "--backup",
                          here.resolve("backups").resolve(id).toString(),
                          "--output",
                          "json")
                      .out())
              .get("result")
              .get("details")
              .get("dataComparison");

      assertThat(comparison.get("notes").get(0).asString())
          .startsWith("the backup is of the database " + target.database() + ", and this is ");
      assertThat(comparison.get("differences").toString()).contains("is missing");
    } finally {
      TestServer.drop(copy);
    }
  }

  private String create() {
    cli().expect(0, "create-backup", "--level", "listed");
    try (var folders = Files.list(here.resolve("backups"))) {
      return folders.findFirst().orElseThrow().getFileName().toString();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  @Test
  void anExportIsComparedRowByRow() {
    run(
        "insert into public.other select from generate_series(1, 4)",
        "create table \"sh;op\".\"no'key\" (v text)",
        "insert into \"sh;op\".\"no'key\" values ('a'), ('a'), (null)");
    cli().expect(0, "export-data");

    JsonNode same = result(0, FAST, "--export-path", "latest").get("details").get("dataComparison");
    assertThat(same.get("kind").asString()).isEqualTo("export");
    assertThat(same.get("status").asString()).isEqualTo("passed");
    assertThat(same.get("rows").asLong()).isEqualTo(58);

    run(
        "update \"sh;op\".orders set total = -1 where id = 7",
        "delete from \"sh;op\".orders where id = 9",
        "insert into \"sh;op\".orders values (200, 1, null)",
        "delete from \"sh;op\".\"no'key\" where v is null",
        "drop table public.other");

    JsonNode differs =
        result(10, FAST, "--export-path", "latest", "--check", "data-comparison")
            .get("details")
            .get("dataComparison");
    JsonNode orders = differs.get("tableDifferences").get(1);
    assertThat(orders.get("table").asString()).isEqualTo("sh;op.orders");
    assertThat(orders.get("missing").asLong()).isEqualTo(1);
    assertThat(orders.get("extra").asLong()).isEqualTo(1);
    assertThat(orders.get("changed").asLong()).isEqualTo(1);
    assertThat(
            StreamSupport.stream(orders.get("shown").spliterator(), false).map(JsonNode::asString))
        .containsExactly(
            "missing {\"id\":9}", "extra {\"id\":200}", "changed {\"id\":7}: total 7 -> -1");
    assertThat(differs.get("tableDifferences").get(0).get("shown").get(0).asString())
        .isEqualTo("missing {\"v\":null}");
    assertThat(differs.get("differences").get(0).asString())
        .isEqualTo("table public.other is missing");
    assertThat(differs.get("differenceCount").asLong()).isEqualTo(5);
    assertThat(verify(10, "--gentle", "--export-path", "latest").out())
        .contains("table sh;op.orders: 1 missing, 1 extra, 1 changed")
        .contains("changed {\"id\":7}: total 7 -> -1");
  }

  @Test
  void aColumnThatIsGoneOrNarrowerThanInTheExportIsADifference() {
    run(
        "create table public.price (id int primary key, amount numeric(10,4), note text)",
        "insert into public.price values (1, 1.2345, 'a')");
    cli().expect(0, "export-data");
    run(
        "alter table public.price alter amount type numeric(10,2)",
        "alter table public.price drop column note");

    assertThat(verify(10, FAST, "--export-path", "latest").out())
        .contains("FAIL  data-comparison")
        .contains("public.price has no column \"note\" any more")
        .contains(
            "public.price, column \"amount\": the export has numeric(10,4) and the database numeric(10,2)");
  }

  @Test
  void aKeyThatIsNewerThanTheExportDoesNotHideTheOtherTables() {
    run(
        "create table public.aged (id int, v text)",
        "insert into public.aged values (1, 'a'), (1, 'b')");
    cli().expect(0, "export-data");
    run(
        "delete from public.aged where v = 'b'",
        "alter table public.aged add primary key (id)",
        "update \"sh;op\".orders set total = -1 where id = 7");

    assertThat(verify(10, FAST, "--export-path", "latest").out())
        .contains("public.aged: the primary key is none in the export and \"id\" in the database")
        .contains("table public.aged: 1 missing")
        .contains("changed {\"id\":7}: total 7 -> -1");
  }

  @Test
  void anAppThatHasNothingHereIsNeverPassed() throws IOException {
    String id = create();
    Files.writeString(
        here.resolve("belay.yaml"),
        "apps:\n  typo:\n    schemas: [shpo]\n  rest:\n    schemas: [public]\n  late:\n    schemas: [late]\n");
    run("create schema late", "create table late.t (a int)");

    assertThat(verify(2, FAST, "--app", "typo").err())
        .contains("the app typo has no table and no view in this database; looked at: shpo");
    assertThat(verify(12, FAST, "--app", "late", "--backup", id).out())
        .contains("????  data-comparison")
        .contains("not in the backup: late.t")
        .contains("the backup has no table that could be compared");
    assertThat(verify(0, FAST, "--app", "rest", "--backup", id).out())
        .doesNotContain("not in the backup");
  }

  @Test
  void aDatabaseWithoutTablesIsSaidToBeOne() {
    run("drop schema \"sh;op\" cascade", "drop table public.other");

    assertThat(verify(0, FAST).out())
        .contains("note: the database has no table and no view, so there was nothing to check");
  }

  @Test
  void anExportThatIsDamagedOrNotThereIsAFailure() throws IOException {
    cli().expect(0, "export-data");
    Path export;
    try (var files = Files.list(here.resolve("data_exports"))) {
      export = files.filter(file -> file.toString().endsWith(".json")).findFirst().orElseThrow();
    }
    Files.writeString(export, Files.readString(export).replace("Ada", "Eve"));

    assertThat(verify(10, "--export-path", export.toString()).err()).contains("error: ");
    assertThat(verify(12, "--export-path", "gone.json").err()).contains("there is no export");
  }

  @Test
  void aTableOfAnExportThatMayNotBeReadIsNamedAndTheOthersAreCompared() {
    run("insert into public.other select from generate_series(1, 4)");
    cli().expect(0, "export-data");
    run(
        "drop role if exists verify_reader",
        "create role verify_reader login",
        "grant usage on schema \"sh;op\" to verify_reader",
        "grant select on all tables in schema \"sh;op\" to verify_reader");
    try {
      String out =
          cli()
              .with("PGUSER", "verify_reader")
              .expect(
                  12,
                  "verify-integrity",
                  FAST,
                  "--export-path",
                  "latest",
                  "--check",
                  "data-comparison")
              .out();

      assertThat(out)
          .contains("????  data-comparison")
          .contains("not checked: table public.other: ");
      assertThat(out).contains("51 rows in 2 tables");
    } finally {
      run("drop owned by verify_reader", "drop role verify_reader");
    }
  }

  @Test
  void aBackupThatIsNotThereIsAFailureInEveryForm() {
    assertThat(verify(12, "--backup", "latest").err()).contains("there is no whole backup of");
    assertThat(verify(12, "--backup", "latest", "--output", "junit").out())
        .contains("<error type=\"not-checked\" message=\"error: there is no whole backup of");
  }

  @Test
  void aDatabaseThatIsNotThereIsAFailure() {
    Cli.Result result =
        cli().with("PGDATABASE", "gone " + new Identifier("x")).run("verify-integrity");

    assertThat(result.status()).isEqualTo(12);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("does not exist").contains("hint: ");
  }
}
