package dev.belay.points;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.app.Main;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.Cli;
import dev.belay.support.PgVariables;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code belay rollback-point}: data goes back to where it was, and nothing is lost on the way. */
class RollbackPointIT {
  private static final String CONTENT =
      "select coalesce(string_agg(c::text, ';' order by id), '') from public.customers c";

  @TempDir private Path home = Path.of("");
  private Target live = TestServer.admin();

  @BeforeEach
  void make() {
    live = TestServer.fresh("points");
    sql(
        "create table public.customers (id integer generated always as identity primary key,"
            + " name text unique, at timestamptz default now(), n numeric, twice numeric generated"
            + " always as (n * 2) stored)",
        "insert into public.customers (name, n) select 'customer ' || g, g from"
            + " generate_series(1, 50) g",
        "create table public.orders (id integer primary key, customer integer references"
            + " public.customers on delete cascade)",
        "insert into public.orders select g, g from generate_series(1, 50) g");
  }

  @AfterEach
  void drop() {
    TestServer.drop(live);
  }

  private Database open() {
    return new JdbcDatabases("test").open(live);
  }

  private void sql(String... statements) {
    try (Database session = open()) {
      List.of(statements).forEach(session::execute);
    }
  }

  private long number(String query) {
    try (Database session = open()) {
      return session.number(query);
    }
  }

  private String text(String query) {
    try (Database session = open()) {
      return session.text(query);
    }
  }

  private Cli cli() {
    return new Cli(home).on(live);
  }

  private JsonNode result(int status, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--output", "json"));
    return Json.MAPPER
        .readTree(cli().expect(status, all.toArray(String[]::new)).out())
        .path("result");
  }

  private String create(String... more) {
    List<String> all = new ArrayList<>(List.of("rollback-point", "create"));
    all.addAll(List.of(more));
    return result(0, all.toArray(String[]::new)).path("id").asString();
  }

  private void change() {
    sql(
        "update public.customers set name = name || '!', at = at + interval '1 day' where id <= 5",
        "delete from public.orders where customer between 6 and 8",
        "delete from public.customers where id between 6 and 8",
        "insert into public.customers (name, n) select 'new ' || g, g from generate_series(1, 10) g");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("data_exports"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void fullBringsTheTablesBackExactlyAndCanBeTakenBackItself() {
    String then = text(CONTENT);
    String id =
        create(
            "-t", "public.customers", "-t", "public.orders", "--description", "before the import");
    change();
    String changed = text(CONTENT);

    JsonNode done = result(0, "rollback-point", "execute", "latest", "--yes");

    assertThat(text(CONTENT)).isEqualTo(then);
    assertThat(number("select count(*) from public.orders")).isEqualTo(50);
    assertThat(done.path("proven").asBoolean()).isTrue();
    assertThat(done.path("removed").asLong()).isEqualTo(10);
    assertThat(done.path("changed").asLong()).isEqualTo(5);
    assertThat(done.path("added").asLong()).isEqualTo(6);
    String before = done.path("before").asString();
    assertThat(before).startsWith("rp_before_customers_");
    assertThat(cli().expect(0, "rollback-point", "list").out())
        .contains(id, "executed", "before the import", "public.customers +1", before);

    cli().expect(0, "rollback-point", "execute", before, "--yes");
    assertThat(text(CONTENT)).isEqualTo(changed);
    // Numbers that were given are not given again.
    sql("insert into public.customers (name, n) values ('next', 1)");
    assertThat(number("select max(id) from public.customers")).isEqualTo(61);
  }

  @Test
  void thePlanSaysInRowsWhatIsTakenAwayAndWhereItIsKept() throws IOException {
    create("-t", "public.customers", "--name", "plan");
    sql("insert into public.customers (name, n) values ('new', 1)");
    sql("insert into public.orders values (100, 51)");
    List<String> files = files();

    Cli.Result plan = cli().expect(0, "rollback-point", "execute", "latest", "--dry-run");
    assertThat(plan.err())
        .contains(
            "! 1 row of public.customers, written after the point: removed",
            "1 rows of public.orders are removed with those of public.customers");
    assertThat(files()).isEqualTo(files);

    Cli.Result nobody = cli().expect(11, "rollback-point", "execute", "latest");
    assertThat(nobody.err()).contains("keep what is there now in", "data_exports/rp_before_plan_");
    assertThat(files()).isEqualTo(files);

    cli().answering("y").expect(0, "rollback-point", "execute", "latest");
    assertThat(number("select count(*) from public.orders")).isEqualTo(50);
    String before = files().stream().filter(name -> name.startsWith("rp_before")).findFirst().get();
    cli().expect(0, "rollback-point", "execute", before.substring(0, before.indexOf('.')), "--yes");
    assertThat(number("select count(*) from public.orders where id = 100")).isEqualTo(1);
  }

  @Test
  void partialRemovesOnlyWhatWasAdded() {
    create("-t", "public.customers");
    change();

    JsonNode done = result(0, "rollback-point", "execute", "latest", "--type", "partial", "--yes");

    assertThat(done.path("removed").asLong()).isEqualTo(10);
    assertThat(done.path("added").asLong() + done.path("changed").asLong()).isZero();
    assertThat(number("select count(*) from public.customers where name like '%!'")).isEqualTo(5);
    assertThat(number("select count(*) from public.customers")).isEqualTo(47);
  }

  @Test
  void backupWorksFromTheDataAloneWhereTheRecordIsLost() throws IOException {
    String then = text(CONTENT);
    String id = create("-t", "public.customers", "-t", "public.orders");
    change();
    Files.delete(home.resolve("data_exports/" + id + ".point.json"));

    assertThat(cli().expect(0, "rollback-point", "list").out()).contains("incomplete");
    assertThat(cli().expect(11, "rollback-point", "execute", id, "--yes").err())
        .contains("--type backup");
    cli()
        .expect(
            0,
            "rollback-point",
            "execute",
            "data_exports/" + id + ".json",
            "--type",
            "backup",
            "--yes");

    assertThat(text(CONTENT)).isEqualTo(then);
  }

  @Test
  void transactionAndUnknownTypesAreRefused() {
    create("-t", "public.customers");
    assertThat(
            cli().expect(11, "rollback-point", "execute", "latest", "--type", "transaction").err())
        .contains("MigrationTransaction", "--type full");
    cli().expect(2, "rollback-point", "execute", "latest", "--type", "half");
    cli().expect(12, "rollback-point", "execute", "rp_none_20200101_000000", "--yes");
    cli().expect(2, "rollback-point");
    cli().expect(2, "rollback-point", "create");
    cli().expect(2, "rollback-point", "create", "-t", "public.nothing");
    assertThat(cli().expect(0, "help", "rollback-point", "create").out())
        .contains("belay rollback-point create", "--description");
  }

  @Test
  void nothingToDoIsSaidAndKeepsNothing() throws IOException {
    create("-t", "public.customers");
    List<String> files = files();
    assertThat(cli().expect(0, "rollback-point", "execute", "latest", "--yes").out())
        .contains("there is nothing to bring back");
    assertThat(files()).isEqualTo(files);
  }

  @Test
  void aTriggerThatChangesWhatIsWrittenLeavesEverythingAsItWas() throws IOException {
    create("-t", "public.customers");
    change();
    String changed = text(CONTENT);
    sql(
        "create function public.spoil() returns trigger language plpgsql as"
            + " $$ begin new.name := new.name || '?'; return new; end $$",
        "create trigger spoil before insert or update on public.customers for each row execute"
            + " function public.spoil()");
    List<String> files = files();

    assertThat(cli().expect(13, "rollback-point", "execute", "latest", "--yes").err())
        .contains("would not be as at the point", "--triggers off");
    assertThat(text(CONTENT)).isEqualTo(changed);
    assertThat(files()).isEqualTo(files);

    cli().expect(0, "rollback-point", "execute", "latest", "--yes", "--triggers", "off");
    assertThat(number("select count(*) from public.customers")).isEqualTo(50);
  }

  @Test
  void anotherShapeIsRefusedWithTheDifferences() {
    create("-t", "public.customers", "-t", "public.orders");
    change();
    sql("alter table public.customers add column extra text", "drop table public.orders");

    assertThat(cli().expect(11, "rollback-point", "execute", "latest", "--yes").err())
        .contains("has a column \"extra\"", "the database has no table public.orders");
    assertThat(
            cli()
                .expect(0, "rollback-point", "execute", "latest", "--yes", "--columns-common")
                .out())
        .contains("not by fingerprint");
    assertThat(number("select count(*) from public.customers")).isEqualTo(50);
  }

  @Test
  void anotherDatabaseIsRefused() {
    create("-t", "public.customers");
    Target other = TestServer.fresh("points-other");
    try {
      assertThat(
              new Cli(home)
                  .on(other)
                  .expect(11, "rollback-point", "execute", "latest", "--yes")
                  .err())
          .contains("the point is of the database", "import-data");
    } finally {
      TestServer.drop(other);
    }
  }

  @Test
  void damageIsFoundByShowAndStopsExecute() throws IOException {
    String id = create("-t", "public.customers");
    assertThat(result(0, "rollback-point", "show", id).path("verified").asBoolean()).isTrue();
    Path data = home.resolve("data_exports/" + id + ".json");
    String text = Files.readString(data);
    Files.writeString(data, text.replace("customer 7\"", "customer 8\""));

    JsonNode shown = result(10, "rollback-point", "show", id);
    assertThat(shown.path("status").asString()).isEqualTo("damaged");
    assertThat(shown.path("problems").toString()).contains("SHA-256");
    cli().expect(10, "rollback-point", "execute", id, "--yes");
    Files.delete(data);
    assertThat(cli().expect(0, "rollback-point", "list").out()).contains("damaged", "is gone");
    cli().expect(10, "rollback-point", "execute", id, "--yes");
  }

  @Test
  void showSaysHowTheLiveTablesDiffer() {
    create("-t", "public.customers");
    change();

    JsonNode now = result(0, "rollback-point", "show", "latest").path("live").get(0);
    assertThat(now.path("added").asLong()).isEqualTo(10);
    assertThat(now.path("changed").asLong()).isEqualTo(5);
    assertThat(now.path("removed").asLong()).isEqualTo(3);
    assertThat(
            new Cli(home)
                .on(live)
                .with("PGPORT", "1")
                .expect(0, "rollback-point", "show", "latest")
                .out())
        .contains("not compared: ");
    assertThat(new Cli(home).expect(0, "rollback-point", "list").out()).contains("ready");
  }

  @Test
  void hostileNamesAndTwoPointsOfOneSecond() {
    String hostile = "a\"; drop table x; --Ü" + "z".repeat(40);
    sql(
        "create schema \"S p.a*\"",
        "create table \"S p.a*\"." + new Identifier(hostile) + " (\"K ey\" text primary key)",
        "insert into \"S p.a*\"." + new Identifier(hostile) + " values ('x'), (E'\\n')");

    String one = create("-t", "S p.a*." + hostile, "--name", "x\"; rm -rf /\n");
    String two = create("-t", "S p.a*." + hostile, "--name", "x\"; rm -rf /\n");

    assertThat(two).isNotEqualTo(one);
    sql("delete from \"S p.a*\"." + new Identifier(hostile));
    cli().expect(0, "rollback-point", "execute", one, "--yes");
    assertThat(number("select count(*) from \"S p.a*\"." + new Identifier(hostile))).isEqualTo(2);
  }

  @Test
  void cleanupOnlyLooksUntilItIsToldToDelete() throws IOException {
    String one = create("-t", "public.customers");
    String two = create("-t", "public.customers");

    assertThat(
            cli()
                .expect(0, "rollback-point", "cleanup", "--keep-days", "0", "--keep-min", "1")
                .out())
        .contains(one, "goes", two, "stays", "nothing was deleted");
    assertThat(files()).hasSize(6);
    cli().expect(0, "rollback-point", "cleanup", "--keep-days", "0", "--keep-min", "1", "--yes");
    assertThat(files()).hasSize(3).allMatch(name -> name.startsWith(two));
  }

  @Test
  void tablesWithPartitionsAndWithoutKeysGoBack() {
    sql(
        "create table public.events (id integer, at date, primary key (id, at)) partition by range"
            + " (at)",
        "create table public.events_1 partition of public.events for values from ('2026-01-01') to"
            + " ('2026-02-01')",
        "create table public.events_2 partition of public.events for values from ('2026-02-01') to"
            + " ('2026-03-01')",
        "insert into public.events values (1, '2026-01-05'), (2, '2026-02-05')",
        "create table public.loose (note text)",
        "insert into public.loose values ('a'), ('a'), (null)");
    create("-t", "public.events", "-t", "public.loose");
    sql(
        "update public.events set at = '2026-02-07' where id = 1",
        "delete from public.loose where note is null",
        "insert into public.loose values ('a')");

    JsonNode done = result(0, "rollback-point", "execute", "latest", "--yes");

    assertThat(done.path("proven").asBoolean()).isTrue();
    assertThat(number("select count(*) from public.events_1")).isEqualTo(1);
    assertThat(number("select count(*) from public.loose where note is null")).isEqualTo(1);
    assertThat(number("select count(*) from public.loose where note = 'a'")).isEqualTo(2);
  }

  @Test
  void partialRefusesATableWhoseRowsNoKeyTellsApart() {
    sql(
        "create table public.loose (note text, n integer)",
        "insert into public.loose select 'a', g from generate_series(1, 3) g");
    create("-t", "public.loose");
    sql("update public.loose set note = 'changed' where n = 1");

    assertThat(
            cli()
                .expect(11, "rollback-point", "execute", "latest", "--type", "partial", "--yes")
                .err())
        .contains("public.loose has no key", "--type full");
    assertThat(number("select count(*) from public.loose where note = 'changed'")).isEqualTo(1);
  }

  @Test
  void tablesWithPartitionsOnAnotherServerAreRefused() {
    sql(
        "create extension postgres_fdw",
        "create server elsewhere foreign data wrapper postgres_fdw",
        "create table public.events (id integer, at date) partition by range (at)",
        "create foreign table public.events_far partition of public.events for values from"
            + " ('2026-01-01') to ('2026-02-01') server elsewhere",
        "create table public.events_near partition of public.events for values from"
            + " ('2026-02-01') to ('2026-03-01')");

    assertThat(cli().expect(11, "rollback-point", "create", "-t", "public.events").err())
        .contains("public.events has partitions on another server: public.events_far");

    sql(
        "drop foreign table public.events_far",
        "insert into public.events values (1, '2026-02-05')");
    create("-t", "public.events");
    sql(
        "create foreign table public.events_far partition of public.events for values from"
            + " ('2026-01-01') to ('2026-02-01') server elsewhere",
        "delete from public.events_near");
    assertThat(cli().expect(11, "rollback-point", "execute", "latest", "--yes").err())
        .contains("public.events has partitions on another server: public.events_far");
  }

  @Test
  void dataThatWasReplacedWithItsChecksumIsFound() throws IOException {
    String id = create("-t", "public.customers");
    Path data = home.resolve("data_exports").resolve(id + ".json");
    String text = Files.readString(data);
    Files.writeString(data, text.replace("customer 17", "customer 71"));
    Path checksum = data.resolveSibling(id + ".json.checksum");
    String sum =
        HexFormat.of().formatHex(sha256().digest(Files.readAllBytes(data)))
            + Files.readString(checksum).substring(64);
    Files.writeString(checksum, sum);

    assertThat(cli().expect(10, "rollback-point", "execute", "latest", "--yes").err())
        .contains("is not what its record was written of");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment = PgVariables.of(live);
    environment.put("HOME", home.toString());
    return environment;
  }

  @Test
  void endedByASignalNothingIsChangedAndTheTrailSaysSo() throws Exception {
    create("-t", "public.customers");
    change();
    String changed = text(CONTENT);
    Process process;
    try (Database blocker = open();
        Database watch = open()) {
      blocker.execute("begin");
      blocker.execute("lock table public.customers in share mode");
      process =
          ChildJvm.start(
              "",
              Main.class,
              home,
              environment(),
              "rollback-point",
              "execute",
              "latest",
              "--yes",
              "--set",
              "lock-timeout=60s");
      Await.until(
          "the run waits for the lock",
          () ->
              watch.test(
                  "select exists (select from pg_stat_activity where datname = current_database()"
                      + " and wait_event_type = 'Lock' and application_name like 'belay:%')"),
          process);
      // Process.destroy() would close the output, too.
      process.toHandle().destroy();
      process.getInputStream().readAllBytes();
      assertThat(process.waitFor()).isEqualTo(143);
    }

    assertThat(text(CONTENT)).isEqualTo(changed);
    assertThat(cli().expect(0, "audit").out()).contains("SIGNAL");
    assertThat(files()).noneMatch(name -> name.endsWith(".partial"));
    assertThat(cli().expect(0, "audit", "--verify").out()).contains("unbroken");
  }

  @Test
  void killedAtAnyMomentNothingUnfinishedLooksLikeAPoint() throws IOException {
    Map<String, String> environment = environment();
    String then = text(CONTENT);
    for (String moment : List.of("export-written", "point-data", "point-record")) {
      ChildJvm.Result killed =
          ChildJvm.run(
              moment,
              Main.class,
              home,
              environment,
              "rollback-point",
              "create",
              "-t",
              "public.customers");
      assertThat(killed.status()).as(killed.output()).isEqualTo(137);
      assertThat(files()).noneMatch(name -> name.endsWith(".point.json") && !name.startsWith("."));
    }
    create("-t", "public.customers", "-t", "public.orders");
    assertThat(files()).noneMatch(name -> name.endsWith(".partial"));
    change();

    ChildJvm.Result killed =
        ChildJvm.run(
            "merge-written",
            Main.class,
            home,
            environment,
            "rollback-point",
            "execute",
            "latest",
            "--yes");
    assertThat(killed.status()).as(killed.output()).isEqualTo(137);
    assertThat(cli().expect(0, "audit").out()).contains("its process is gone");

    cli().expect(0, "rollback-point", "execute", "latest", "--yes", "--wait", "30s");
    assertThat(text(CONTENT)).isEqualTo(then);
  }
}
