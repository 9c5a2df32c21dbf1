package dev.belay.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Exports from the command line. */
@Timeout(120)
class ExportDataIT {
  private final Databases databases = new JdbcDatabases("belay-test");
  private final Path here;
  private Target target = TestServer.admin();

  ExportDataIT(@TempDir Path here) {
    this.here = here;
  }

  @BeforeEach
  void create() {
    target = TestServer.fresh("shop");
    sql(
        "create table public.orders (id integer primary key, note text, doc jsonb)",
        "insert into public.orders select n, 'note ' || n, '{\"n\": 1}' from generate_series(1, 50) n",
        "create schema billing",
        "create table billing.invoice (id bigint primary key)",
        "insert into billing.invoice values (1), (2)",
        "create view public.first_orders as select * from public.orders where id < 3");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private void sql(String... statements) {
    try (Database session = databases.open(target)) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
  }

  private Cli cli() {
    return new Cli(here).on(target);
  }

  private JsonNode result(String... arguments) {
    return Json.MAPPER.readTree(cli().expect(0, arguments).out()).get("result");
  }

  private static JsonNode file(JsonNode result) {
    return Json.MAPPER.readTree(Path.of(result.get("file").asString()));
  }

  private List<String> left() {
    Path folder = here.resolve("data_exports");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  @Test
  void tablesOfNoAppAreListedUnderDefaultAndViewsAreNamed() {
    JsonNode result = result("export-data", "--output", "json");

    JsonNode data = file(result).get("default");
    assertThat(data.get("public.orders").get("count").asInt()).isEqualTo(50);
    assertThat(data.get("public.orders").get("data").get(0).get("doc").get("n").asInt())
        .isEqualTo(1);
    assertThat(data.get("billing.invoice").get("count").asInt()).isEqualTo(2);
    assertThat(result.get("rows").asInt()).isEqualTo(52);
    assertThat(result.get("notes").toString())
        .contains("1 table is of no app", "public.first_orders");
    assertThat(left()).hasSize(2).allMatch(name -> name.startsWith("data_export_"));
  }

  @Test
  void anAppHasItsSchemasOrItsTables() throws IOException {
    Files.writeString(
        here.resolve("belay.yaml"),
        "apps:\n  money:\n    schemas: [billing]\n  sale:\n    tables: [public.ord*]\n");

    JsonNode money = result("export-data", "money", "--output", "json");
    JsonNode all = result("export-data", "--output", "json");

    assertThat(file(money).propertyNames()).containsExactly("$belay", "money");
    assertThat(money.get("file").asString()).endsWith("_money.json");
    assertThat(file(all).propertyNames()).containsExactly("$belay", "money", "sale");
    assertThat(cli().expect(2, "export-data", "nobody").err()).contains("there is no app 'nobody'");
  }

  @Test
  void aConditionChoosesRowsOfOneTable() {
    JsonNode result =
        result(
            "export-data",
            "--table",
            "orders",
            "--where",
            "public.orders: orders.id <= 3 and note <> ';' -- the first",
            "--output",
            "json");

    assertThat(result.get("rows").asInt()).isEqualTo(3);
    assertThat(file(result).get("$belay").get("tables").get(0).get("condition").asString())
        .contains("-- the first");
  }

  @Test
  void aConditionCannotDoAnythingElse() {
    for (String condition :
        List.of(
            "true) to stdout; drop table public.orders; --",
            "true); commit; drop table public.orders; select (true",
            "id = 1 /* ) ",
            "note = 'a\\'; drop table public.orders; --'",
            "note = $$x",
            "",
            "nothing = 3",
            "nextval('s') > 0",
            "(select count(*) from public.orders) > 'x'")) {
      Cli.Result result = cli().expect(2, "export-data", "--where", "public.orders: " + condition);
      assertThat(result.err()).startsWith("error: ").contains("condition", "\nhint: ");
    }
    sql("create sequence public.s");
    assertThat(
            cli()
                .expect(13, "export-data", "--where", "public.orders: nextval('public.s') > 0")
                .err())
        .contains("read-only transaction");
    assertThat(left()).isEmpty();
    try (Database session = databases.open(target)) {
      assertThat(session.number("select count(*) from public.orders")).isEqualTo(50);
    }
  }

  @Test
  void whatAPatternDoesNotMeanIsSaid() {
    sql(
        "create table public.parts (id integer) partition by range (id)",
        "create table public.parts_1 partition of public.parts for values from (0) to (9)");

    assertThat(cli().expect(2, "export-data", "-t", "public.nothing").err())
        .contains("no table is meant by 'public.nothing'");
    assertThat(cli().expect(2, "export-data", "-t", "public.parts_1").err())
        .contains("is a partition of public.parts");
    assertThat(cli().expect(2, "export-data", "-t", "public.first_orders").err())
        .contains("only views");
    assertThat(cli().expect(2, "export-data", "--where", "orders_: true").err())
        .contains("does not begin with the name of an exported table");
  }

  @Test
  void aRoleThatMayNotReadEverythingIsRefused() {
    String role = "reader_" + ProcessHandle.current().pid();
    sql(
        "create role " + role + " login",
        "grant select on public.orders to " + role,
        "alter table public.orders enable row level security");
    try {
      Cli.Result result = cli().with("PGUSER", role).expect(11, "export-data");

      assertThat(result.err())
          .contains(
              "may not read billing.invoice", "row-level security would hide rows of public.orders")
          .contains("state: the database was not changed");
      assertThat(left()).isEmpty();
    } finally {
      sql("drop owned by " + role, "drop role " + role);
    }
  }

  @Test
  void aRoleThatMayReadOnlyThePartitionedTableReadsThroughIt() {
    String role = "reader_" + ProcessHandle.current().pid();
    sql(
        "create table public.parts (id integer) partition by range (id)",
        "create table public.parts_1 partition of public.parts for values from (0) to (9)",
        "insert into public.parts values (1), (2)",
        "create role " + role + " login",
        "grant select on public.parts to " + role);
    try {
      JsonNode result =
          Json.MAPPER
              .readTree(
                  cli()
                      .with("PGUSER", role)
                      .expect(0, "export-data", "-t", "parts", "--output", "json")
                      .out())
              .get("result");

      assertThat(result.get("rows").asInt()).isEqualTo(2);
    } finally {
      sql("drop owned by " + role, "drop role " + role);
    }
  }

  @Test
  void aDryRunWritesNothing() {
    assertThat(cli().expect(0, "export-data", "--dry-run").out())
        .contains("2 tables", "billing.invoice");
    assertThat(left()).isEmpty();
  }

  @Test
  void aFileIsNeverOverwritten() throws IOException {
    Path file = here.resolve("a 'file\".json");

    cli().expect(0, "export-data", "--out", file.toString());
    byte[] first = Files.readAllBytes(file);
    assertThat(cli().expect(11, "export-data", "--out", file.toString()).err()).contains("already");

    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    Files.writeString(here.resolve("b.json.checksum"), "of another");
    assertThat(cli().expect(11, "export-data", "--out", here.resolve("b.json").toString()).err())
        .contains("b.json.checksum already");
    assertThat(here.resolve("b.json.checksum")).hasContent("of another");
    assertThat(cli().expect(12, "export-data", "--out", "no/such/folder.json").err())
        .contains("mkdir -p");
  }

  @Test
  void theHistoryOfMigrationsIsInTheHeaderAndNotAmongTheTables() {
    sql(
        "create table public.flyway_schema_history (installed_rank integer primary key,"
            + " version varchar(50), description varchar(200) not null, type varchar(20) not null,"
            + " script varchar(1000) not null, checksum integer, installed_by varchar(100) not null,"
            + " installed_on timestamp not null default now(), execution_time integer not null,"
            + " success boolean not null)",
        "insert into public.flyway_schema_history values (1, '1', 'initial', 'SQL', 'V1__initial.sql', 7, 'me', now(), 1, true)");

    JsonNode result = result("export-data", "--output", "json");

    JsonNode file = file(result);
    assertThat(file.get("default").has("public.flyway_schema_history")).isFalse();
    assertThat(file.get("$belay").get("migrations").get(0).get("currentVersion").asString())
        .isEqualTo("1");
    assertThat(result.get("notes").toString()).contains("bookkeeping");
  }
}
