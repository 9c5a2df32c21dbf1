package dev.belay.migrations;

import static dev.belay.migrations.PendingRig.pending;
import static dev.belay.migrations.PendingRig.risks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.undo.Amount;
import dev.belay.undo.LiveTableQueries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule, with a live database that has rows and a project that has none. */
class CheckMigrationsIT {
  /** As hostile as PostgreSQL allows. */
  private static final String HOSTILE = "Big \"Ü;' drop table";

  private static final String QUOTED = "\"Big \"\"Ü;' drop table\"";

  @TempDir Path folder;
  private PendingRig rig;

  @BeforeEach
  void migrate() {
    rig = new PendingRig(folder);
    rig.write(
            "V1__initial.sql",
            """
            create table orders (id integer primary key, note text, old text, state text);
            create table lines (id integer primary key, order_id integer);
            create table %s (id integer, "Col ""x\""" text);
            create table empty (id integer, gone text);
            create view names as select note from orders;
            create function f(x integer) returns integer language sql as 'select 1';
            create type mood as enum ('a', 'b');
            create index orders_note on orders (note);
            create table log (id integer, at date) partition by range (at);
            create table log_1 partition of log for values from ('2026-01-01') to ('2026-02-01');
            """
                .formatted(QUOTED))
        .migrate()
        .sql(
            "insert into public.orders select i, 'n' || i, case when i <= 7 then 'x' end, 's' from generate_series(1, 1000) i",
            "insert into public.lines select i, i from generate_series(1, 50) i",
            "insert into public." + QUOTED + " values (1, 'v'), (2, null)",
            "create table public.log_2 partition of public.log for values from ('2026-02-01') to ('2026-03-01')",
            "insert into public.log select i, date '2026-01-01' + i from generate_series(0, 40) i");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private PendingRisk only(String sql) {
    rig.write("V2__next.sql", sql);
    return pending(rig.check(), "V2");
  }

  @Test
  void whatIsDroppedIsCountedInTheLiveDatabase() {
    PendingRisk risk =
        only(
            """
            alter table orders drop column old;
            drop table lines;
            alter table empty drop column gone;
            alter table %s drop column "Col ""x\""";
            """
                .formatted(QUOTED));

    assertThat(risks(risk))
        .contains(
            "critical data-destroyed: drops column public.orders.old with 7 live values",
            "critical data-destroyed: drops table public.lines with 50 live rows",
            "critical data-destroyed: drops column public."
                + HOSTILE
                + ".Col \"x\" with 1 live value",
            "low data-destroyed: drops column public.empty.gone with 0 live values",
            "medium column-dropped: drops column public.orders.old, which a running application may use");
    assertThat(risk.level()).isEqualTo(RiskLevel.critical);
    assertThat(risk.losses()).hasSize(4);
  }

  @Test
  void aTruncatedTableIsCountedToo() {
    assertThat(risks(only("truncate lines, empty;")))
        .contains(
            "critical table-emptied: truncates public.lines with 50 live rows",
            "low table-emptied: truncates public.empty with 0 live rows");
  }

  @Test
  void aTruncatedPartitionedTableIsSaidOnceWithAllItsRows() {
    PendingRisk risk = only("truncate log;");

    assertThat(risks(risk))
        .filteredOn(each -> each.contains("table-emptied"))
        .containsExactly("critical table-emptied: truncates public.log with 41 live rows");
    assertThat(risk.notes())
        .containsExactly(
            "public.log has 2 live partitions, and 1 in the replay: locks and rewrites of the others are not seen");
  }

  @Test
  void aRewriteNamesTheSizeAndTheRowsOfTheLiveTable() {
    PendingRisk risk = only("alter table orders alter column id type bigint;");

    assertThat(risks(risk))
        .anySatisfy(
            each ->
                assertThat(each)
                    .startsWith("low table-rewritten: ACCESS EXCLUSIVE on public.orders (")
                    .endsWith(
                        "kB, 1,000 rows) with a rewrite: nobody reads or writes it meanwhile"))
        .contains(
            "medium type-changed: changes the type of public.orders.id from integer to bigint");
    assertThat(risk.locks().get(0))
        .satisfies(
            lock -> {
              assertThat(lock.table()).isEqualTo("public.orders");
              assertThat(lock.mode()).isEqualTo("ACCESS EXCLUSIVE");
              assertThat(lock.rewritten()).isTrue();
              assertThat(lock.rows()).contains(Amount.counted(1000));
              assertThat(lock.bytes().orElseThrow()).isGreaterThan(8_192);
            });
  }

  @Test
  void anIndexThatIsBuiltUnderALockIsARiskAndOneThatIsBuiltConcurrentlyIsNot() {
    rig.write("V2__locked.sql", "create unique index u on orders (id, note);")
        .write("V3__free.sql", "create index concurrently c on orders (state);");
    CheckMigrationsReport report = rig.check();

    assertThat(risks(pending(report, "V2")))
        .anySatisfy(
            each ->
                assertThat(each)
                    .startsWith("low index-build: SHARE on public.orders (")
                    .contains(
                        "while the unique index public.u is built (which fails where live rows are not unique): nobody writes it"));
    assertThat(risks(pending(report, "V3")))
        .containsExactly(
            "medium undo-missing: there is no undo script for it",
            "low outside-transaction: runs outside a transaction: when it fails half way, look at what it left");
  }

  @Test
  void constraintsThatAreCheckedUnderALockAreScans() {
    rig.write("V2__a.sql", "alter table orders add constraint c check (id > 0);")
        .write("V3__b.sql", "alter table orders add constraint d check (id > 0) not valid;")
        .write("V4__c.sql", "alter table orders validate constraint d;")
        .write("V5__d.sql", "alter table lines add foreign key (order_id) references orders;")
        .write("V6__e.sql", "alter table orders alter column note set not null;");
    CheckMigrationsReport report = rig.check();

    assertThat(rules(pending(report, "V2"))).contains("scan-under-lock");
    assertThat(rules(pending(report, "V3")))
        .contains("stops-reads")
        .doesNotContain("scan-under-lock");
    assertThat(rules(pending(report, "V4"))).doesNotContain("scan-under-lock", "stops-writes");
    assertThat(rules(pending(report, "V5"))).contains("scan-under-lock", "stops-writes");
    assertThat(risks(pending(report, "V6")))
        .anySatisfy(each -> assertThat(each).contains("every row is read for NOT NULL of note"));
    assertThat(pending(report, "V6").level()).isEqualTo(RiskLevel.medium);
  }

  @Test
  void aColumnThatBecomesNotNullThoughLiveRowsHaveNoValueFails() {
    rig.write("V2__a.sql", "alter table orders add column need text not null;")
        .write("V3__b.sql", "alter table orders add column fine text not null default 'x';")
        .write(
            "V4__c.sql",
            "alter table orders add column quick text not null default 'x'; alter table orders alter column quick drop default;")
        .write("V5__d.sql", "alter table orders alter column old set not null;")
        .write(
            "V6__e.sql",
            "alter table lines add column n text; update lines set n = 'x'; alter table lines alter column n set not null;")
        .write("V7__f.sql", "alter table empty add column n text not null;");
    CheckMigrationsReport report = rig.check();

    assertThat(risks(pending(report, "V2")))
        .contains(
            "critical fails-on-rows: public.orders.need becomes NOT NULL, and 1,000 live rows have no value for it: it fails");
    assertThat(rules(pending(report, "V3"))).doesNotContain("fails-on-rows", "may-fail-on-rows");
    assertThat(rules(pending(report, "V4"))).doesNotContain("fails-on-rows", "may-fail-on-rows");
    assertThat(risks(pending(report, "V5")))
        .contains(
            "critical fails-on-rows: public.orders.old becomes NOT NULL, and 993 live rows have no value for it: it fails");
    assertThat(rules(pending(report, "V6")))
        .contains("may-fail-on-rows")
        .doesNotContain("fails-on-rows");
    assertThat(rules(pending(report, "V7"))).doesNotContain("fails-on-rows", "may-fail-on-rows");
  }

  @Test
  void rowsThatAreWrittenAreToldAsFarAsTheReplayShowsThem() {
    rig.write("V2__put.sql", "insert into orders values (-1, 'a', 'b', 'c');")
        .write("V3__update.sql", "update orders set note = 'y' where id < 0;")
        .write("V4__delete.sql", "delete from orders where id < 0;")
        .write("V5__live.sql", "update lines set order_id = 1;");
    CheckMigrationsReport report = rig.check();

    assertThat(rules(pending(report, "V2"))).contains("rows-written");
    assertThat(risks(pending(report, "V3")))
        .anySatisfy(
            each ->
                assertThat(each)
                    .startsWith("medium rows-updated: updates rows of public.orders (")
                    .endsWith("1,000 rows); in the replay: 1"));
    assertThat(rules(pending(report, "V4"))).contains("rows-deleted");
    assertThat(pending(report, "V4").level()).isEqualTo(RiskLevel.high);
    assertThat(risks(pending(report, "V5")))
        .anySatisfy(
            each ->
                assertThat(each)
                    .startsWith("low rows-written: writes rows of public.lines (")
                    .endsWith("50 rows); the replay has none that it would change"));
  }

  @Test
  void whatTheRunningApplicationKnowsByAnotherNameIsARisk() {
    rig.write("V2__table.sql", "alter table lines rename to order_lines;")
        .write(
            "V3__behind.sql",
            "alter table orders rename to orders_all; create view orders as select * from orders_all;")
        .write("V4__column.sql", "alter table order_lines rename column order_id to owner;")
        .write("V5__function.sql", "alter function f(integer) rename to g;")
        .write("V6__later.sql", "alter table order_lines drop column owner;");
    CheckMigrationsReport report = rig.check();

    assertThat(risks(pending(report, "V2")))
        .contains("high renamed: renames table public.lines to public.order_lines");
    assertThat(risks(pending(report, "V3")))
        .contains(
            "medium renamed: renames table public.orders to public.orders_all; another relation has the old name now");
    assertThat(risks(pending(report, "V4")))
        .contains("high renamed: renames column public.order_lines.order_id to owner");
    assertThat(risks(pending(report, "V5")))
        .contains("high renamed: renames function public.f(integer) to public.g(integer)");
    // The live table and column still have their old names.
    assertThat(risks(pending(report, "V6")))
        .contains(
            "critical data-destroyed: drops column public.lines.order_id with 50 live values");
  }

  @Test
  void aRenamedSchemaIsSaidOnce() {
    rig.write(
            "V2__schema.sql",
            "create schema s; create table s.a (id int); create table s.b (id int);")
        .migrate()
        .write("V3__rename.sql", "alter schema s rename to \"T x\";");
    PendingRisk risk = pending(rig.check(), "V3");

    assertThat(risks(risk))
        .containsExactly(
            "high renamed: renames schema s to \"T x\"",
            "medium undo-missing: there is no undo script for it");
  }

  @Test
  void objectsThatOthersUseAreNamedWhenTheyAreDroppedAndNotWhenTheyAreReplaced() {
    rig.write("V2__gone.sql", "drop view names; drop function f(integer); drop index orders_note;")
        .write("V3__new.sql", "create view names as select id from orders;")
        .write("V4__again.sql", "drop view names; create view names as select note from orders;");
    CheckMigrationsReport report = rig.check();

    assertThat(risks(pending(report, "V2")))
        .contains(
            "medium object-dropped: drops view public.names",
            "medium object-dropped: drops function public.f(integer)")
        .anySatisfy(
            each ->
                assertThat(each)
                    .startsWith(
                        "low index-dropped: drops index public.orders_note of public.orders"));
    assertThat(rules(pending(report, "V4"))).containsExactly("undo-missing");
  }

  @Test
  void aConstraintThatGoesAndAnIndexThatIsLeftInvalidAreNamed() {
    rig.write(
            "V2__free.sql",
            "alter table orders drop constraint orders_pkey; alter table orders add constraint later check (id > 0) not valid;")
        .write(
            "V3__invalid.sql",
            "update pg_catalog.pg_index set indisvalid = false where indexrelid = 'orders_note'::regclass;")
        .write(
            "V4__matview.sql", "create materialized view counted as select count(*) from orders;");
    CheckMigrationsReport report = rig.check();

    assertThat(risks(pending(report, "V2")))
        .contains("low constraint-dropped: drops constraint orders_pkey of public.orders");
    assertThat(risks(pending(report, "V3")))
        .contains("medium index-invalid: leaves index public.orders_note not valid");
    assertThat(rules(pending(report, "V4"))).containsExactly("undo-missing");
  }

  @Test
  void anEnumValueCannotBeTakenAway() {
    rig.write("V2__value.sql", "alter type mood add value 'c';")
        .write("V3__type.sql", "create type fresh as enum ('x');");
    CheckMigrationsReport report = rig.check();

    assertThat(risks(pending(report, "V2")))
        .contains("low enum-value-added: adds enum value public.mood.c");
    assertThat(rules(pending(report, "V3"))).containsExactly("undo-missing");
  }

  @Test
  void anEnumValueThatIsUsedInItsOwnTransactionFails() {
    rig.write(
        "V2__value.sql",
        "alter type mood add value 'c'; create table m (m mood default 'c'); insert into m values ('c');");
    CheckMigrationsReport report = rig.check();

    assertThat(risks(pending(report, "V2")))
        .anySatisfy(
            each ->
                assertThat(each)
                    .startsWith(
                        "critical fails: fails in the replay: V2__value.sql, line 1: unsafe use of new value"));
  }

  @Test
  void whatPendingMigrationsMakeThemselvesIsNoRisk() {
    rig.write(
            "V2__make.sql",
            "create table fresh (id int, x text); create view fv as select x from fresh;")
        .write("U2__make.sql", "drop view fv; drop table fresh;")
        .write(
            "V3__change.sql",
            "drop view fv; alter table fresh drop column x; create index on fresh (id);")
        .write("V4__drop.sql", "drop table fresh;");
    CheckMigrationsReport report = rig.check();

    assertThat(risks(pending(report, "V2"))).isEmpty();
    assertThat(rules(pending(report, "V3"))).containsExactly("undo-missing");
    assertThat(rules(pending(report, "V4"))).containsExactly("undo-missing");
    assertThat(pending(report, "V3").locks()).allSatisfy(lock -> assertThat(lock.live()).isFalse());
  }

  @Test
  void aMigrationThatFailsIsAFindingAndWhatFollowsIsNotChecked() {
    rig.write("V2__fine.sql", "create table fine (id int);")
        .write(
            "V3__broken.sql",
            "create table good (id int);\n\nalter table nowhere add column x int;")
        .write("V4__after.sql", "create table after (id int);");
    CheckMigrationsReport report = rig.check();

    assertThat(report.exitCode()).isEqualTo(ExitCode.FINDINGS);
    PendingRisk broken = pending(report, "V3");
    assertThat(risks(broken).get(0))
        .isEqualTo(
            "critical fails: fails in the replay: V3__broken.sql, line 3: relation \"nowhere\" does not exist; the statement: alter table nowhere add column x int");
    assertThat(broken.line()).contains(3);
    assertThat(broken.file()).contains("db/migration/V3__broken.sql");
    assertThat(pending(report, "V2").replayed()).isTrue();
    assertThat(pending(report, "V4").replayed()).isFalse();
    assertThat(pending(report, "V4").notes())
        .containsExactly("not checked, since a migration before it failed");
    assertThat(String.join("\n", report.lines())).contains("unknown   V4__after");
  }

  @Test
  void theLevelThatWasAskedForDecidesTheExitCode() {
    rig.write("V2__rename.sql", "alter table lines rename to other;");

    assertThat(rig.check(RiskLevel.critical).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(rig.check(RiskLevel.high).exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(rig.check(RiskLevel.low).exitCode()).isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void nothingPendingNeedsNoScratchDatabase() {
    rig.set("scratch.server", "other").set("scratch.url", "postgresql://nobody@127.0.0.1:1/none");
    CheckMigrationsReport report = rig.check(RiskLevel.low);

    assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(report.lines()).contains("default: no migration is pending", "no risk was found");
  }

  @Test
  void aCountThatTakesTooLongBecomesAnEstimate() {
    rig.sql("analyze public.orders").write("V2__drop.sql", "alter table orders drop column old;");
    // Counting waits for a lock that somebody else holds.
    try (Database session = rig.open()) {
      session.execute("begin");
      session.execute("lock table public.orders in access exclusive mode");
      PendingRisk risk =
          pending(rig.check(rig.request(RiskLevel.critical, false, Duration.ofMillis(300))), "V2");
      assertThat(risk.losses().get(0).amount().exact()).isFalse();
      try (Database reader = rig.open()) {
        LiveTableQueries.readOnly(reader, Duration.ofMillis(300));
        TableName orders = new TableName("public", "orders");
        assertThat(LiveTableQueries.values(reader, orders, "old", Amount.about(1_000)))
            .isEqualTo(Amount.about(7));
        assertThat(LiveTableQueries.nulls(reader, orders, "old", Amount.about(1_000)))
            .isEqualTo(Amount.about(993));
        assertThat(LiveTableQueries.rows(reader, orders, Amount.about(990)))
            .isEqualTo(Amount.about(990));
      }
      session.execute("rollback");
    }
  }

  @Test
  void aPlaceholderThatSoundsSecretIsNotShownWhereAStatementFails() {
    rig.set("apps.default.placeholders.api_token", "tops3cret")
        .write("V2__broken.sql", "insert into nowhere values ('${api_token}')");

    assertThat(String.join("\n", rig.check().lines()))
        .contains("insert into nowhere values ('****')")
        .doesNotContain("tops3cret");
  }

  @Test
  void aFolderThatIsNotThereAndWhatStopsTheNextMigrateAreSaid() throws IOException {
    Files.delete(folder.resolve("db/migration/V1__initial.sql"));
    rig.write("V2__next.sql", "create table next (id integer)");
    assertThat(rig.check().lines())
        .anyMatch(line -> line.startsWith("note: the next migrate does not start: V1"));

    rig.set("apps.default.locations", "filesystem:db/migratoin");
    assertThatThrownBy(() -> rig.check())
        .isInstanceOf(Failure.class)
        .hasMessageContaining("db/migratoin: the folder does not exist");
  }

  private static List<String> rules(PendingRisk pending) {
    return pending.risks().stream().map(Risk::rule).toList();
  }
}
