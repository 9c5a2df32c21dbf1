package dev.belay.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TableRestoreIT {
  private static final Identifier LOWLY = new Identifier("no creator \"x");

  @TempDir Path folder;
  private Shop shop;

  @BeforeEach
  void open() {
    shop = new Shop(folder);
  }

  @AfterEach
  void close() {
    assertThat(shop.databasesOfRuns()).isZero();
    shop.close();
    try (Database session = shop.maintenance()) {
      session.execute("drop role if exists " + LOWLY);
    }
  }

  @Test
  void aTableIsAsInTheBackupAgainAndNothingElseIsTouched() {
    String before = shop.content("public.orders");
    String backup = shop.backup();
    shop.sql(
        "delete from public.items",
        "delete from public.orders where id <= 40",
        "update public.orders set note = 'ruined' where id between 50 and 59",
        "insert into public.orders (customer, note) values (1, 'since')",
        "insert into public.log values (now(), 'since')");
    String log = shop.content("public.log");

    Cli.Result result =
        shop.expect(0, "backup-restore", backup, "--table", "public.orders", "--yes");

    assertThat(shop.content("public.orders")).isEqualTo(before);
    assertThat(shop.number("select count(*) from public.items")).isZero();
    assertThat(shop.content("public.log")).isEqualTo(log);
    assertThat(result.err())
        .contains("restoring 1 table of 5 into belay_scratch_")
        .contains("merge into public.orders: add 40, change 10, remove 1")
        .contains(
            "! 1 row of public.orders that the backup does not have is removed, such as id=201")
        .contains("! 10 rows of public.orders changed since");
    assertThat(result.out()).contains("public.orders").contains("40").contains("10");
    assertThat(shop.replaced()).isEmpty();
    assertThat(shop.number("select nextval('public.orders_id_seq')")).isGreaterThan(201);
  }

  @ParameterizedTest
  @CsvSource({"add-missing, 40, 0, 0", "overwrite, 40, 10, 0", "exact, 40, 10, 1"})
  void thePolicySaysWhatBecomesOfWhatWasWrittenSince(
      String policy, long added, long changed, long removed) {
    String backup = shop.backup();
    shop.sql(
        "delete from public.items",
        "delete from public.orders where id <= 40",
        "update public.orders set note = 'since' where id between 50 and 59",
        "insert into public.orders (customer, note) values (1, 'since')");

    Cli.Result result =
        shop.expect(
            0,
            "backup-restore",
            backup,
            "--table",
            "orders",
            "--policy",
            policy,
            "--output",
            "json",
            "--yes");

    assertThat(result.out())
        .contains("\"added\": " + added)
        .contains("\"changed\": " + changed)
        .contains("\"removed\": " + removed);
    assertThat(shop.number("select count(*) from public.orders")).isEqualTo(201 - removed);
    assertThat(shop.number("select count(*) from public.orders where note = 'since'"))
        .isEqualTo(11 - changed - removed);
  }

  @Test
  void aDryRunSaysExactlyWhatIsDoneAndDoesNothing() {
    String backup = shop.backup();
    shop.sql("delete from public.items where line = 2");
    String now = shop.content("public.items");

    Cli.Result dry = shop.expect(0, "backup-restore", backup, "--table", "*.items", "--dry-run");

    assertThat(dry.err()).contains("add 200, change 0, remove 0");
    assertThat(dry.out()).contains("nothing was done: --dry-run");
    assertThat(shop.content("public.items")).isEqualTo(now);
    assertThat(shop.expect(0, "backup-restore", backup, "--table", "*.items", "--yes").err())
        .contains("add 200, change 0, remove 0");
    assertThat(shop.number("select count(*) from public.items")).isEqualTo(400);
    assertThat(shop.expect(0, "backup-restore", backup, "--table", "*.items", "--yes").out())
        .contains("nothing was to be done");
  }

  @Test
  void rowsThatOthersReferToAreNotRemovedUnlessTheseAreNamedToo() {
    String backup = shop.backup();
    shop.sql(
        "with c as (insert into public.customers (email) values ('new') returning id)"
            + " insert into public.orders (customer, note) select id, 'of the new one' from c");
    String before = shop.content("public.customers");

    Cli.Result refused = shop.expect(11, "backup-restore", backup, "--table", "customers", "--yes");

    assertThat(refused.err()).contains("orders_customer_fkey").contains("--table");
    assertThat(shop.content("public.customers")).isEqualTo(before);
    shop.expect(0, "backup-restore", backup, "--table", "customers", "--table", "orders", "--yes");
    assertThat(shop.number("select count(*) from public.customers")).isEqualTo(Shop.CUSTOMERS);
    assertThat(shop.number("select count(*) from public.orders")).isEqualTo(Shop.ORDERS);
  }

  @Test
  void aTableThatWasDroppedIsMadeAgainWithAllThatBelongsToIt() {
    String before = shop.content("public.orders");
    shop.sql(
        "comment on table public.orders is 'what was ordered'",
        "grant select on public.orders to public");
    String backup = shop.backup();
    shop.sql("drop table public.orders cascade");

    Cli.Result result = shop.expect(0, "backup-restore", backup, "--table", "orders", "--yes");

    assertThat(shop.content("public.orders")).isEqualTo(before);
    assertThat(shop.number("select nextval('public.orders_id_seq')")).isEqualTo(Shop.ORDERS + 1);
    assertThat(
            shop.text(
                "select obj_description('public.orders'::regclass) || ' '"
                    + " || (select count(*) from pg_indexes where tablename = 'orders') || ' '"
                    + " || (select string_agg(contype::text, '' order by contype)"
                    + " from pg_constraint where conrelid = 'public.orders'::regclass)"))
        .isEqualTo("what was ordered 2 fp");
    assertThat(result.err())
        .contains("make public.orders again, which is gone: 200 rows")
        .contains(
            "alter table \"public\".\"items\" add constraint items_order_id_fkey foreign key"
                .replace("foreign key", "FOREIGN KEY"))
        .contains("create view \"public\".\"spent\"");
    String foreignKey =
        result
            .out()
            .lines()
            .filter(line -> line.startsWith("alter table"))
            .findFirst()
            .orElseThrow();
    shop.sql(foreignKey);
  }

  @Test
  void aPartitionedTableThatWasDroppedComesBackWithItsPartitions() {
    shop.sql(
        "create table public.parts (id int, region text, primary key (id, region))"
            + " partition by list (region)",
        "create table public.parts_eu partition of public.parts for values in ('eu')",
        "create table public.\"parts US\" partition of public.parts for values in ('us')",
        "insert into public.parts select n, case n % 2 when 0 then 'eu' else 'us' end"
            + " from generate_series(1, 10) n");
    String before = shop.content("public.parts");
    String backup = shop.backup();
    shop.sql("delete from public.parts where id > 5");
    shop.expect(0, "backup-restore", backup, "--table", "public.parts", "--yes");
    assertThat(shop.content("public.parts")).isEqualTo(before);

    shop.sql("drop table public.parts");
    shop.expect(0, "backup-restore", backup, "--table", "public.parts", "--yes");

    assertThat(shop.content("public.parts")).isEqualTo(before);
    assertThat(shop.number("select count(*) from public.\"parts US\"")).isEqualTo(5);
    assertThat(
            shop.number(
                "select count(*) from pg_inherits where inhparent = 'public.parts'::regclass"))
        .isEqualTo(2);
  }

  @Test
  void aPartitionThatWasDroppedSinceIsNotTakenForRowsThatTheBackupLacks() {
    shop.sql(
        "create table public.parts (id int, region text, primary key (id, region))"
            + " partition by list (region)",
        "create table public.parts_eu partition of public.parts for values in ('eu')",
        "create table public.parts_us partition of public.parts for values in ('us')",
        "insert into public.parts select n, case n % 2 when 0 then 'eu' else 'us' end"
            + " from generate_series(1, 10) n");
    String before = shop.content("public.parts");
    String backup = shop.backup();
    shop.sql(
        "alter table public.parts detach partition public.parts_us",
        "create table public.parts_rest partition of public.parts default",
        "insert into public.parts_rest select * from public.parts_us where id < 4");

    Cli.Result result =
        shop.expect(0, "backup-restore", backup, "--table", "public.parts", "--yes");

    assertThat(result.err()).contains("divided otherwise then, so the whole backup is needed");
    assertThat(shop.content("public.parts")).isEqualTo(before);
    assertThat(shop.number("select count(*) from public.parts_us")).isEqualTo(5);
  }

  @Test
  void aPartThatIsASchemaServesAsWell() throws IOException {
    Files.writeString(folder.resolve("belay.yaml"), "apps:\n  shop:\n    schemas: [public]\n");
    String before = shop.content("public.orders");
    String backup = shop.backup("--app", "shop");
    shop.sql("update public.orders set note = 'ruined'", "drop table public.log");

    shop.expect(0, "backup-restore", backup, "--table", "public.orders", "--table", "log", "--yes");

    assertThat(shop.content("public.orders")).isEqualTo(before);
    assertThat(shop.number("select count(*) from public.log")).isEqualTo(20);
  }

  @Test
  void whatADroppedTableNeedsIsAskedForBeforeAnythingIsDone() {
    String backup = shop.backup();
    shop.sql("drop table public.orders cascade", "drop table public.customers cascade");
    shop.sql("drop type public.mood");

    Cli.Result refused = shop.expect(11, "backup-restore", backup, "--table", "orders", "--yes");
    assertThat(refused.err())
        .contains("public.orders needs the table public.customers")
        .contains("add --table public.customers");
    assertThat(
            shop.expect(
                    11,
                    "backup-restore",
                    backup,
                    "--table",
                    "orders",
                    "--table",
                    "customers",
                    "--yes")
                .err())
        .contains("needs the type public.mood, which the live database does not have");

    shop.sql("create type public.mood as enum ('sad', 'ok', 'happy')");
    shop.expect(0, "backup-restore", backup, "--table", "orders", "--table", "customers", "--yes");
    assertThat(shop.number("select count(*) from public.orders")).isEqualTo(Shop.ORDERS);
    assertThat(shop.number("select count(*) from public.customers")).isEqualTo(Shop.CUSTOMERS);
  }

  @Test
  void oneIsMergedAndAnotherMadeAgainInOneGo() {
    String backup = shop.backup();
    shop.sql("drop table public.items cascade", "delete from public.orders where id > 100");

    shop.expect(0, "backup-restore", backup, "--table", "public.*", "--yes");

    assertThat(shop.number("select count(*) from public.orders")).isEqualTo(Shop.ORDERS);
    assertThat(shop.number("select count(*) from public.items")).isEqualTo(2 * Shop.ORDERS);
  }

  @Test
  void hostileNamesComeBack() {
    String before = shop.content(Shop.hostile());
    String backup = shop.backup();
    String name = Shop.HOSTILE + "." + Shop.HOSTILE;
    shop.sql("delete from " + Shop.hostile() + " where id > 1");
    shop.expect(0, "backup-restore", backup, "--table", name, "--yes");
    assertThat(shop.content(Shop.hostile())).isEqualTo(before);

    shop.sql("drop table " + Shop.hostile());
    shop.expect(0, "backup-restore", backup, "--table", name, "--yes");
    assertThat(shop.content(Shop.hostile())).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"public.orders", "public.customers", "*drop table x*"})
  void aPartOfADatabaseServesAsWell(String pattern) {
    String orders = shop.content("public.orders");
    String backup =
        shop.backup("--table", "public.orders", "--table", "public.customers", "--table", "*drop*");
    shop.sql(
        "update public.orders set note = 'ruined'",
        "update public.customers set mood = 'sad'",
        "delete from " + Shop.hostile());

    shop.expect(0, "backup-restore", backup, "--table", pattern, "--yes");

    assertThat(shop.content("public.orders").equals(orders))
        .isEqualTo(pattern.equals("public.orders"));
    assertThat(shop.number("select count(*) from public.customers where mood = 'ok'"))
        .isEqualTo(pattern.equals("public.customers") ? Shop.CUSTOMERS : 0);
    assertThat(shop.number("select count(*) from " + Shop.hostile()))
        .isEqualTo(pattern.startsWith("*") ? 5 : 0);
  }

  @Test
  void theApplicationsTriggersFireOnlyWhenAsked() {
    shop.sql(
        "create function public.stamp() returns trigger language plpgsql as"
            + " $$ begin new.note := new.note || '!'; return new; end $$",
        "create trigger stamp before insert on public.orders"
            + " for each row execute function public.stamp()");
    String backup = shop.backup();
    shop.sql("delete from public.items", "delete from public.orders where id <= 10");

    shop.expect(0, "backup-restore", backup, "--table", "orders", "--yes");
    assertThat(shop.number("select count(*) from public.orders where note like '%!'")).isZero();
    assertThat(shop.text("select tgenabled::text from pg_trigger where tgname = 'stamp'"))
        .isEqualTo("O");

    shop.sql("delete from public.orders where id <= 10");
    shop.expect(0, "backup-restore", backup, "--table", "orders", "--triggers", "on", "--yes");
    assertThat(shop.number("select count(*) from public.orders where note like '%!'"))
        .isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--strategy swap | --strategy is for a whole database",
        "--new-name x | --new-name is for a whole database",
        "--discard-replaced | --discard-replaced is for a whole database",
        "--expect-writes | are for a whole database",
        "--carry-new-rows | are for a whole database",
        "--policy three-way | needs a third database",
        "--policy most | is no policy",
        "--triggers maybe | --triggers is 'maybe'",
        "--batch-size 0 | --batch-size is 0",
        "--jobs 0 | --jobs is 0",
        "--table nowhere.* | no table is meant by 'nowhere.*'",
      })
  void whatCannotBeMeantIsAWrongCommandLine(String options, String says) {
    String backup = shop.backup();
    String[] command =
        ("backup-restore " + backup + " --table public.orders --yes " + options).split(" ");
    assertThat(shop.expect(2, command).err()).contains(says);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--policy exact", "--triggers on", "--batch-size 5"})
  void whatIsForTablesOnlyNeedsATable(String options) {
    String[] command = ("backup-restore latest --yes " + options).split(" ");
    assertThat(shop.expect(2, command).err()).contains("name them with --table");
  }

  @Test
  void whoMayNotCreateDatabasesIsToldSo() {
    String backup = shop.backup();
    try (Database session = shop.maintenance()) {
      session.execute("create role " + LOWLY + " login");
    }
    Target live = shop.live;
    Target lowly =
        new Target(
            live.host(),
            live.port(),
            live.database(),
            LOWLY.name(),
            live.password(),
            live.tls(),
            10);
    Cli.Result refused =
        new Cli(folder)
            .on(lowly)
            .expect(11, "backup-restore", backup, "--table", "orders", "--yes");
    assertThat(refused.err())
        .contains("may not create databases")
        .contains("alter role " + LOWLY + " createdb");
  }

  @Test
  void nobodyIsThereToAgree() {
    String backup = shop.backup();
    shop.sql("delete from public.log");
    assertThat(shop.expect(11, "backup-restore", backup, "--table", "log").err())
        .contains("nobody is there to confirm the plan");
    assertThat(shop.number("select count(*) from public.log")).isZero();
    shop.cli().answering("y").expect(0, "backup-restore", backup, "--table", "log");
    assertThat(shop.number("select count(*) from public.log")).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"merge-written", "tables-merged", "tables-recreated"})
  void killedAnywhereTheSameCommandGoesOn(String moment) {
    String orders = shop.content("public.orders");
    String items = shop.content("public.items");
    String backup = shop.backup();
    shop.sql("drop table public.items cascade", "delete from public.orders where id > 100");
    String[] command = {"backup-restore", backup, "--table", "orders", "--table", "items", "--yes"};

    shop.program().killedAt(moment, command);
    Cli.Result next = shop.expect(0, command);

    assertThat(next.err()).contains("was killed at the step '").contains("of a dead run: dropped");
    assertThat(shop.content("public.orders")).isEqualTo(orders);
    assertThat(shop.content("public.items")).isEqualTo(items);
  }
}
