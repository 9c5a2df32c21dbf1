package dev.belay.rehearse;

import static dev.belay.rehearse.RehearseRig.migration;
import static dev.belay.rehearse.RehearseRig.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.app.Main;
import dev.belay.core.Identifier;
import dev.belay.flyway.MigrationVersion;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.ChildJvm;
import dev.belay.support.Cli;
import dev.belay.support.PgVariables;
import dev.belay.support.TestServer;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.RehearsedUndos;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Rehearsals on copies of a live database with rows and hostile names. */
class RehearseIT {
  private static final String QUOTED = "\"Big \"\"Ü;' drop table\"";

  @TempDir Path folder;
  private RehearseRig rig;

  @BeforeEach
  void migrate() {
    rig = new RehearseRig(folder);
    rig.write(
            "V1__initial.sql",
            """
            create table orders (id bigint generated always as identity primary key, email text, note text);
            create table %s ("Key ""x\""" text primary key, "value; --" integer);
            """
                .formatted(QUOTED))
        .migrate()
        .sql(
            "insert into public.orders (email, note) select 'm' || i % 90, case when i % 10 = 0 then null else 'n' end from generate_series(1, 100) i",
            "insert into public."
                + QUOTED
                + " select '''k\"' || i, i from generate_series(1, 50) i");
  }

  @AfterEach
  void close() {
    assertThat(RehearseRig.scratch()).isEmpty();
    rig.close();
  }

  @Test
  void provesAMigrationAndItsUndoOnACopyOfTheLiveDatabaseAndRemembersIt() {
    rig.write("V2__state.sql", "alter table orders add column state text not null default 'new';")
        .write("U2__state.sql", "alter table orders drop column state;")
        .write(
            "V3__value.sql",
            "alter table %s alter column \"value; --\" type bigint;".formatted(QUOTED))
        .write(
            "U3__value.sql",
            "alter table %s alter column \"value; --\" type integer;".formatted(QUOTED));

    JsonNode report = rig.json(0, "rehearse");

    assertThat(report.get("verdict").asString()).isEqualTo("proven");
    assertThat(report.get("origin").get("backup").isNull()).isTrue();
    JsonNode third = migration(report, "V3");
    assertThat(texts(third.get("up").get("rewritten"))).hasSize(1);
    JsonNode lock = third.get("up").get("locks").get(0);
    assertThat(lock.get("mode").asString()).isEqualTo("ACCESS EXCLUSIVE");
    assertThat(lock.get("stops").asString()).isEqualTo("reads and writes");
    assertThat(third.get("up").get("statements")).hasSize(1);
    assertThat(report.get("waysBack").get(0).get("way").asString()).isEqualTo("undo");
    assertThat(report.get("files")).hasSize(2);
    RehearsedUndos undos = new RehearsedUndos(folder.resolve("migration_monitoring"));
    RehearsedUndo second =
        undos.all().stream()
            .filter(each -> each.version().equals(Optional.of("2")))
            .findFirst()
            .orElseThrow();
    assertThat(second.isProven()).isTrue();
    assertThat(
            undos.last(
                rig.live(),
                second.app(),
                MigrationVersion.of("2"),
                second.undoSha256().orElseThrow()))
        .contains(second);
    assertThat(undos.last(rig.live(), second.app(), MigrationVersion.of("2"), "0")).isEmpty();
  }

  @Test
  void saysWhichRowsAnUndoDoesNotBringBackAndGoesOnWithThoseBeforeIt() {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;")
        .write(
            "V3__drop_note.sql",
            "alter table orders drop column note; delete from %s where \"value; --\" > 40;"
                .formatted(QUOTED))
        .write("U3__drop_note.sql", "alter table orders add column note text;");

    JsonNode report = rig.json(10, "rehearse");

    JsonNode third = migration(report, "V3");
    assertThat(third.get("verdict").asString()).isEqualTo("loses-rows");
    assertThat(texts(third.get("reasons")))
        .containsExactlyInAnyOrder(
            "public.orders: 90 rows have other values",
            "public.Big \"Ü;' drop table: 10 rows are gone");
    assertThat(migration(report, "V2").get("verdict").asString()).isEqualTo("proven");
  }

  @Test
  void findsAnIndexThatAnUndoLeavesBehindAndAMigrationWithoutUndo() {
    rig.write(
            "V2__index.sql",
            "alter table orders add column state text; create index orders_email on orders (email);")
        .write("U2__index.sql", "alter table orders drop column state;")
        .write("V3__no_undo.sql", "create table more (id integer);")
        .write("R__view.sql", "create or replace view mails as select email from orders;");

    JsonNode report = rig.json(10, "rehearse");

    assertThat(migration(report, "R__").get("verdict").asString()).isEqualTo("repeatable");
    assertThat(migration(report, "V3").get("verdict").asString()).isEqualTo("no-undo");
    JsonNode second = migration(report, "V2");
    assertThat(second.get("verdict").asString()).isEqualTo("schema-differs");
    assertThat(texts(second.get("schemaDifferences")))
        .containsExactly("index public.orders.orders_email is still there");
  }

  @Test
  void findsWhatFailsOnlyWithTheDataThatIsThere() {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;")
        .write("V3__unique.sql", "create unique index u on orders (email);")
        .write("V4__never.sql", "select 1;");

    JsonNode report = rig.json(10, "rehearse");

    JsonNode third = migration(report, "V3");
    assertThat(third.get("verdict").asString()).isEqualTo("failed");
    assertThat(third.get("reasons").get(0).asString()).contains("could not create unique index");
    assertThat(migration(report, "V4").get("verdict").asString()).isEqualTo("not-rehearsed");
    assertThat(migration(report, "V2").get("verdict").asString()).isEqualTo("proven");
    rig.write("V3__unique.sql", "alter table orders alter column note set not null;");
    assertThat(migration(rig.json(10, "rehearse"), "V3").get("reasons").get(0).asString())
        .contains("contains null values");
    rig.write(
        "V3__unique.sql",
        "alter table orders alter column email type integer using email::integer;");
    assertThat(migration(rig.json(10, "rehearse"), "V3").get("reasons").get(0).asString())
        .contains("invalid input syntax");
  }

  @Test
  void takesWhatIsAppliedBackAndAppliesItAgain() {
    rig.write("V2__state.sql", "alter table orders add column state text default 'new';")
        .write("U2__state.sql", "alter table orders drop column state;")
        .migrate();

    JsonNode proven = rig.json(0, "rehearse", "--applied", "1");

    assertThat(migration(proven, "V2").get("verdict").asString()).isEqualTo("proven");
    rig.sql("update public.orders set state = 'paid' where id <= 7");
    JsonNode report = rig.json(10, "rehearse", "--applied", "1");
    assertThat(texts(migration(report, "V2").get("reasons")))
        .containsExactly("public.orders: 7 rows have other values");
    try (Database live = rig.open()) {
      assertThat(live.number("select count(*) from public.orders where state = 'paid'"))
          .isEqualTo(7);
    }
  }

  @Test
  void copiesABackupWhereSomebodyIsWithTheLiveDatabaseAndEndsNobodysSession() {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;");
    try (Database application = rig.open()) {
      Cli.Result without = rig.cli().expect(12, "rehearse");
      assertThat(without.err())
          .contains("1 session is with it, such as belay-test of")
          .contains("hint: make one: belay create-backup");
      rig.cli().expect(11, "rehearse", "--from-live");
      rig.cli().expect(0, "create-backup");
      // Applied since the backup: rehearsed too.
      rig.migrateBeside();
      rig.write("V3__more.sql", "create table more (id integer);")
          .write("U3__more.sql", "drop table more;");

      JsonNode report = rig.json(0, "rehearse");

      assertThat(report.get("origin").get("backup").asString()).contains("rehearse");
      assertThat(report.get("origin").get("level").asString()).isEqualTo("readable");
      assertThat(migration(report, "V2").get("verdict").asString()).isEqualTo("proven");
      assertThat(migration(report, "V3").get("verdict").asString()).isEqualTo("proven");
      assertThat(texts(report.get("notes")).toString())
          .contains("applied to the live database since the backup");
      assertThat(report.get("waysBack").valueStream().map(way -> way.get("way").asString()))
          .containsExactly("undo", "restore", "restore-and-swap");
      assertThat(application.number("select count(*) from public.orders")).isEqualTo(100);
    }
  }

  @Test
  void theProbeFeelsALockThatStopsReads() {
    rig.write(
            "V2__slow.sql",
            "lock table orders in access exclusive mode; select pg_sleep(0.7); alter table orders rename column note to remark;")
        .write("U2__slow.sql", "alter table orders rename column remark to note;");

    JsonNode report = rig.json(0, "rehearse", "--concurrent");

    assertThat(texts(report.get("probed"))).containsExactly("public.orders");
    assertThat(report.get("baseline").get("failed").asLong()).isZero();
    JsonNode felt = migration(report, "V2").get("up").get("probe");
    assertThat(felt.get("longestStallMillis").asLong()).isGreaterThanOrEqualTo(650);
    assertThat(felt.get("maxMicros").asLong()).isGreaterThanOrEqualTo(650_000);
    assertThat(felt.get("stalledTable").asString()).isEqualTo("public.orders");
    JsonNode lock = migration(report, "V2").get("up").get("locks").get(0);
    assertThat(lock.get("millis").asLong()).isGreaterThanOrEqualTo(650);
  }

  @Test
  void theProbeLeavesTheTableOfFlywayAlone() {
    rig.write("V2__nothing.sql", "select 1;").write("U2__nothing.sql", "select 1;");

    assertThat(texts(rig.json(0, "rehearse", "--concurrent").get("probed")))
        .contains("public.orders")
        .doesNotContain("public.flyway_schema_history");
  }

  @Test
  void theCopyStaysOnlyWhenThatIsAskedFor() {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;");

    JsonNode report = rig.json(0, "rehearse", "--keep");

    String kept = report.get("kept").asString();
    assertThat(RehearseRig.scratch()).containsExactly(kept);
    TestServer.drop(rig.live().withDatabase(kept));
  }

  @Test
  void nothingPendingIsSaidAndNothingIsCopied() {
    Cli.Result result = rig.cli().expect(0, "rehearse");

    assertThat(result.out()).contains("Nothing is pending").contains("belay rehearse --applied 1");
    assertThat(rig.cli().expect(2, "rehearse", "--applied", "0").err()).contains("give at least 1");
  }

  @Test
  void whatAKilledRehearsalLeavesTheNextOneDrops() {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;");
    Map<String, String> environment = PgVariables.of(rig.live());

    ChildJvm.killed("rehearse-copied", Main.class, folder, environment, "rehearse");

    assertThat(RehearseRig.scratch()).hasSize(1);
    assertThat(rig.cli().expect(0, "rehearse", "--set", "scratch.keep=0").err())
        .contains("of a dead run: dropped");
  }

  @Test
  void aServerThatIsLostInTheMiddleIsNoFaultOfTheScript() throws Exception {
    rig.write("V2__slow.sql", "select pg_sleep(60);");

    Cli.Result result = rig.whereTheServerIsLostAt("select pg_sleep(60)%");

    assertThat(result.status()).isEqualTo(12);
    assertThat(result.err())
        .contains("error: the server of the copy was lost: V2__slow.sql")
        .contains("state: the database was not changed; the next run of belay drops the copy");
  }

  @Test
  void anUndoThatChangesWhatTheServerSharesIsNotTriedOnThatServer() {
    String name = rig.live().database();
    String quoted = new Identifier(name).toString();
    rig.write("V2__setting.sql", "create table more (id integer);")
        .write(
            "U2__setting.sql",
            "drop table more; alter role current_user set statement_timeout = '1d';")
        .migrate();

    assertNotTried("settings of roles or databases", "U2__setting.sql");
    rig.write(
        "U2__setting.sql",
        "vacuum; do $$ begin execute format('alter database %%I set work_mem = %%L', '%s', '5MB'); end $$; drop table more;"
            .formatted(name.replace("'", "''")));
    assertNotTried("settings of roles or databases", "U2__setting.sql");
    rig.write("U2__setting.sql", "vacuum; drop database if exists %s;".formatted(quoted));
    assertNotTried("DROP DATABASE", "U2__setting.sql");
  }

  private void assertNotTried(String what, String script) {
    JsonNode undone = migration(rig.json(10, "rehearse", "--applied", "1"), "V2");

    assertThat(undone.get("verdict").asString()).as(undone.toString()).isEqualTo("not-rehearsed");
    assertThat(undone.get("reasons").get(0).asString())
        .startsWith("its undo was not tried: " + script)
        .contains("share: ")
        .contains(what);
    try (Database admin = new JdbcDatabases("belay-test").open(TestServer.admin())) {
      assertThat(
              admin.number(
                  "select count(*) from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase where s.setdatabase = 0 or d.datname = ?",
                  rig.live().database()))
          .isZero();
    }
  }
}
