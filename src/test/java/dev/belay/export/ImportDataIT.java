package dev.belay.export;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Exports that are brought back. */
@Timeout(120)
class ImportDataIT {
  private final Path here;
  private Target target = TestServer.admin();

  ImportDataIT(@TempDir Path here) {
    this.here = here;
  }

  @BeforeEach
  void create() {
    target = TestServer.fresh("shop");
    sql(
        "create table public.customer (id bigint generated always as identity primary key,"
            + " name text not null, partner bigint references public.customer deferrable)",
        "create table public.orders (\"Id\" serial primary key, customer bigint not null references"
            + " public.customer, note text, doc jsonb, total numeric generated always as (1.5) stored)",
        "insert into public.customer (name) select 'customer ' || n from generate_series(1, 20) n",
        "update public.customer set partner = 21 - id",
        "insert into public.orders (customer, note, doc) select 1 + n % 20, 'note ' || n, 'null'"
            + " from generate_series(1, 100) n");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private void sql(String... statements) {
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
  }

  private String text(String query) {
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      return session.text(query);
    }
  }

  private String content() {
    return text(
        "select concat((select string_agg(c::text, ';' order by id) from public.customer c),"
            + " (select string_agg(o::text, ';' order by \"Id\") from public.orders o))");
  }

  private Cli cli() {
    return new Cli(here).on(target);
  }

  private Path export(String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "export-data";
    arguments[1] = "--output";
    arguments[2] = "json";
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Path.of(
        Json.MAPPER
            .readTree(cli().expect(0, arguments).out())
            .get("result")
            .get("file")
            .asString());
  }

  private JsonNode imported(String... arguments) {
    return Json.MAPPER.readTree(cli().expect(0, arguments).out()).get("result");
  }

  @Test
  void whatWasRemovedComesBackAndSequencesGoOn() {
    export();
    String before = content();
    sql(
        "delete from public.orders",
        "delete from public.customer",
        "alter sequence public.\"orders_Id_seq\" restart",
        "alter table public.customer alter id restart");

    JsonNode result = imported("import-data", "latest", "--yes", "--output", "json");

    assertThat(content()).isEqualTo(before);
    assertThat(result.get("added").asInt()).isEqualTo(120);
    assertThat(result.get("sequences").size()).isEqualTo(2);
    sql("insert into public.customer (name) values ('next')");
    assertThat(text("select max(id)::text from public.customer")).isEqualTo("21");
  }

  @Test
  void eachPolicyDoesWhatItsPlanSays() {
    export();
    String before = content();
    sql(
        "delete from public.orders where \"Id\" <= 10",
        "update public.orders set note = 'changed' where \"Id\" between 11 and 15",
        "insert into public.orders (customer, note) values (1, 'new'), (2, 'newer')");
    String changed = content();

    Cli.Result dry = cli().expect(0, "import-data", "latest", "--policy", "exact", "--dry-run");
    assertThat(dry.err()).contains("public.orders: 10 added, 5 changed, 2 removed");
    assertThat(dry.out()).contains("this is the plan");
    assertThat(content()).isEqualTo(changed);
    assertThat(cli().expect(11, "import-data", "latest").err())
        .contains("run the same command with --yes");

    assertThat(imported("import-data", "latest", "--yes", "--output", "json").get("added").asInt())
        .isEqualTo(10);
    assertThat(text("select count(*)::text from public.orders where note = 'changed'"))
        .isEqualTo("5");
    assertThat(
            imported("import-data", "latest", "--policy", "overwrite", "--yes", "--output", "json")
                .get("changed")
                .asInt())
        .isEqualTo(5);
    assertThat(
            imported("import-data", "latest", "--policy", "exact", "--yes", "--output", "json")
                .get("removed")
                .asInt())
        .isEqualTo(2);
    assertThat(content()).isEqualTo(before);
    assertThat(cli().expect(0, "import-data", "latest", "--policy", "exact").out())
        .contains("nothing to do under this policy");
  }

  @Test
  void anotherShapeIsRefusedWithAllItsDifferences() {
    export();
    sql(
        "alter table public.orders drop column doc",
        "alter table public.orders alter note type varchar(50)",
        "alter table public.orders add more integer",
        "delete from public.orders where \"Id\" = 7",
        "alter table public.customer rename to client");

    Cli.Result refused = cli().expect(11, "import-data", "latest", "--yes");

    assertThat(refused.err())
        .contains(
            "the database has no table public.customer",
            "public.orders has no column \"doc\" any more",
            "public.orders has a column \"more\" that the export does not have",
            "column \"note\": the export has text and the database character varying(50)",
            "hint: ",
            "--columns-common");
    JsonNode result =
        imported("import-data", "latest", "--yes", "--columns-common", "--output", "json");
    assertThat(result.get("added").asInt()).isEqualTo(1);
    assertThat(text("select note from public.orders where \"Id\" = 7")).isEqualTo("note 7");
  }

  @Test
  void aDamagedOrStrangeFileChangesNothing() throws IOException {
    Path file = export();
    Path checksum = Path.of(file + ".checksum");
    sql("delete from public.orders where \"Id\" > 50");
    String before = content();
    String text = Files.readString(file);

    Files.writeString(file, text.replace("note 99", "note 98"));
    assertThat(cli().expect(10, "import-data", file.toString(), "--yes").err())
        .contains("is not what it was when it was made");
    Files.writeString(file, text.substring(0, text.indexOf("note 99")));
    assertThat(cli().expect(10, "import-data", file.toString(), "--yes", "--no-checksum").err())
        .contains("it is truncated", "line ", "byte ", "public.orders, row 99");
    Files.writeString(
        file, text.replace("{\"Id\":99,\"customer\":20", "{\"Id\":98,\"customer\":20"));
    assertThat(cli().expect(10, "import-data", file.toString(), "--yes", "--no-checksum").err())
        .contains("the export has two rows with one key");
    Files.writeString(
        file, text.replace("{\"Id\":99,\"customer\":20", "{\"Id\":\"x\",\"customer\":20"));
    assertThat(cli().expect(13, "import-data", file.toString(), "--yes", "--no-checksum").err())
        .contains("table public.orders: row 99, column \"Id\": invalid input syntax");
    Files.writeString(
        file, text.replace("{\"Id\":99,\"customer\":20", "{\"Id\":99,\"customer\":777"));
    assertThat(cli().expect(13, "import-data", file.toString(), "--yes", "--no-checksum").err())
        .contains("foreign key");
    Files.writeString(file, text);
    Files.delete(checksum);
    assertThat(cli().expect(11, "import-data", file.toString(), "--yes").err())
        .contains("there is no checksum beside the export");
    assertThat(cli().expect(12, "import-data", "none.json", "--yes").err())
        .contains("there is no export");

    assertThat(content()).isEqualTo(before);
  }

  @Test
  void onlyWhatIsAskedForIsImported() {
    export();
    sql("delete from public.orders", "update public.customer set name = 'x' where id = 1");

    imported(
        "import-data",
        "latest",
        "-t",
        "public.ord*",
        "--policy",
        "exact",
        "--yes",
        "--output",
        "json");

    assertThat(text("select count(*)::text from public.orders")).isEqualTo("100");
    assertThat(text("select name from public.customer where id = 1")).isEqualTo("x");
    assertThat(cli().expect(2, "import-data", "latest", "-t", "nothing").err())
        .contains("no table of the export is meant by 'nothing'");
    assertThat(cli().expect(2, "import-data", "latest", "--app", "nobody").err())
        .contains("nothing of the app 'nobody'");
    assertThat(cli().expect(2, "import-data", "latest", "--policy", "three-way").err())
        .contains("third state");
  }

  @Test
  void anExportOfSomeRowsNeverRemovesTheOthers() {
    export("-t", "orders", "--where", "orders: \"Id\" > 90".replace("orders:", "public.orders:"));

    assertThat(cli().expect(11, "import-data", "latest", "--policy", "exact", "--yes").err())
        .contains("would remove all others");
    sql("delete from public.orders where \"Id\" > 80");
    assertThat(imported("import-data", "latest", "--yes", "--output", "json").get("added").asInt())
        .isEqualTo(10);
  }

  @Test
  void triggersFireOrNotAsAsked() {
    export();
    sql(
        "create table public.log (n serial)",
        "create function public.logged() returns trigger language plpgsql as"
            + " 'begin insert into public.log default values; return new; end'",
        "create trigger t after insert on public.orders for each row execute function public.logged()",
        "delete from public.orders where \"Id\" <= 3");

    imported("import-data", "latest", "--yes", "--triggers", "off", "--output", "json");
    assertThat(text("select count(*)::text from public.log")).isEqualTo("0");
    sql("delete from public.orders where \"Id\" <= 3");
    imported("import-data", "latest", "--yes", "--batch-size", "2", "--output", "json");
    assertThat(text("select count(*)::text from public.log")).isEqualTo("3");
  }

  @Test
  void anExportGoesIntoAnotherDatabase() {
    Path file = export("--compress", "zstd", "--format", "ndjson");
    Target from = target;
    String before = content();
    try {
      create();
      sql("delete from public.orders", "delete from public.customer");

      JsonNode result = imported("import-data", file.toString(), "--yes", "--output", "json");

      assertThat(result.get("added").asInt()).isEqualTo(120);
      assertThat(content()).isEqualTo(before);
    } finally {
      TestServer.drop(target);
      target = from;
    }
  }
}
