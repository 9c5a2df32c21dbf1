package dev.belay.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Undo scripts, run with the real Flyway on a copy of the replay. */
class UndoProofIT {
  @TempDir Path folder;
  private PendingRig rig;

  @BeforeEach
  void migrate() {
    rig = new PendingRig(folder);
    rig.write(
            "V1__initial.sql",
            "create table people (id integer primary key, name text not null, \"Old Col\" text);"
                + " create view v as select name from people; comment on view v is 'kept';")
        .migrate()
        .sql("insert into public.people values (1, 'a', 'x')");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private UndoAnswer undo(String up, String down) {
    rig.write("V2__up.sql", up).write("U2__up.sql", down);
    return PendingRig.pending(rig.check(), "V2").undo();
  }

  @Test
  void anUndoAfterWhichTheSchemaIsAsBeforeIsProven() {
    UndoAnswer undo =
        undo(
            "create table more (id serial primary key); alter table people add column x int default 3;",
            "alter table people drop column x; drop table more;");

    assertThat(undo.verdict()).isEqualTo(UndoVerdict.proven);
    assertThat(undo.file()).contains("db/undo/U2__up.sql");
    assertThat(undo.locks())
        .containsExactly("ACCESS EXCLUSIVE on public.more", "ACCESS EXCLUSIVE on public.people");
  }

  @Test
  void anUndoThatForgetsSomethingDiffersAndSaysWhat() {
    UndoAnswer undo =
        undo(
            "drop view v; alter table people alter column name drop not null; create table more (id int);",
            "create view v as select name from people;");

    assertThat(undo.verdict()).isEqualTo(UndoVerdict.differs);
    assertThat(undo.differences())
        .containsExactly(
            "table public.more is still there",
            "column public.people.name: not null was true, is none",
            "view public.v: comment was kept, is none");
    PendingRisk risk = PendingRig.pending(rig.check(), "V2");
    assertThat(PendingRig.risks(risk))
        .anySatisfy(each -> assertThat(each).startsWith("high undo-differs: "));
  }

  @Test
  void aColumnThatComesBackAtTheEndIsProvenWithANote() {
    rig.write("V2__first.sql", "alter table people add column last int;")
        .write("U2__first.sql", "alter table people drop column last;")
        .write("V3__drop.sql", "alter table people drop column \"Old Col\";")
        .write("U3__drop.sql", "alter table people add column \"Old Col\" text;");
    CheckMigrationsReport report = rig.check();

    UndoAnswer undo = PendingRig.pending(report, "V3").undo();
    assertThat(undo.verdict()).isEqualTo(UndoVerdict.proven);
    assertThat(undo.notes())
        .containsExactly(
            "after the undo the columns of public.people are in another order, which matters to SELECT * and INSERT without names");
    // The schema is back; the values are not.
    assertThat(PendingRig.pending(report, "V3").level()).isEqualTo(RiskLevel.critical);
  }

  @Test
  void anUndoThatFailsIsNoWayBackAndTheUpIsStillChecked() {
    UndoAnswer undo = undo("create table more (id int);", "\ndrop table moore;");

    assertThat(undo.verdict()).isEqualTo(UndoVerdict.fails);
    assertThat(undo.failure())
        .contains(
            "U2__up.sql, line 2: table \"moore\" does not exist; the statement: drop table moore");
    PendingRisk risk = PendingRig.pending(rig.check(), "V2");
    assertThat(risk.level()).isEqualTo(RiskLevel.high);
    assertThat(risk.replayed()).isTrue();
  }

  @Test
  void anUndoWithoutAStatementIsEmpty() {
    assertThat(undo("create table more (id int);", "-- nothing to do\n\n/* really */\n").verdict())
        .isEqualTo(UndoVerdict.empty);
    assertThat(PendingRig.risks(PendingRig.pending(rig.check(), "V2")))
        .containsExactly("high undo-empty: the undo script has no statement (db/undo/U2__up.sql)");

    rig.write("V2__up.sql", "update people set name = 'b';");
    assertThat(PendingRig.pending(rig.check(), "V2").level()).isEqualTo(RiskLevel.medium);
  }

  @Test
  void whatHasNoUndoIsMissingAndARepeatableMigrationNeedsNone() {
    rig.write("V2__up.sql", "create table more (id int);")
        .write("R__names.sql", "create or replace view names as select name from people;");
    CheckMigrationsReport report = rig.check();

    assertThat(PendingRig.pending(report, "V2").undo().verdict()).isEqualTo(UndoVerdict.missing);
    assertThat(PendingRig.pending(report, "R").undo().verdict()).isEqualTo(UndoVerdict.none);
    assertThat(PendingRig.pending(report, "R").level()).isEqualTo(RiskLevel.none);
  }

  @Test
  void concurrentlyPlaceholdersAndSettingsOfAScriptWorkInAnUndoToo() {
    rig.set("apps.default.placeholders.table", "people")
        .write("V2__index.sql", "create index concurrently i on ${table} (name);")
        .write("U2__index.sql", "drop index concurrently i;")
        .write("V3__out.sql", "create table a (id int); create table b (id int);")
        .write("V3__out.sql.conf", "executeInTransaction=false")
        .write("U3__out.sql", "drop table b; drop table a;")
        .write("U3__out.sql.conf", "executeInTransaction=false");
    CheckMigrationsReport report = rig.check();

    assertThat(report.apps().get(0).pending())
        .extracting(each -> each.undo().verdict())
        .containsExactly(UndoVerdict.proven, UndoVerdict.proven);
    assertThat(PendingRig.pending(report, "V3").inTransaction()).contains(false);
  }

  @Test
  void eachUndoIsTriedRightAfterItsOwnMigrationAndLeavesTheReplayAlone() {
    rig.write("V2__a.sql", "alter table people rename to persons;")
        .write("U2__a.sql", "alter table persons rename to people;")
        .write("V3__b.sql", "alter table persons add column b int;")
        .write("U3__b.sql", "alter table persons drop column b;")
        .write("V4__c.sql", "drop view v; create view v as select name, b from persons;")
        .write(
            "U4__c.sql",
            "drop view v; create view v as select name from persons; comment on view v is 'kept';");
    CheckMigrationsReport report = rig.check();

    assertThat(report.apps().get(0).pending())
        .extracting(each -> each.undo().verdict())
        .containsOnly(UndoVerdict.proven);
  }

  @Test
  void undoScriptsAreNotTriedWhenNobodyWantsIt() {
    rig.write("V2__up.sql", "create table more (id int);")
        .write("U2__up.sql", "drop table nowhere;");
    CheckMigrationsReport report =
        rig.check(rig.request(RiskLevel.critical, false, Duration.ofSeconds(10)));

    assertThat(PendingRig.pending(report, "V2").undo().verdict()).isEqualTo(UndoVerdict.untried);
    assertThat(PendingRig.pending(report, "V2").risks()).isEmpty();
  }

  @Test
  void anUndoBesideItsMigrationWithOtherPrefixesAndAHistoryElsewhereWorks() {
    rig.set("apps.default.schemas", "app")
        .set("apps.default.flyway.undoSqlMigrationPrefix", "back")
        .write("db/migration/V1__initial.sql", "create table t (id int);")
        .write("db/migration/V2__up.sql", "create table more (id int);")
        .write("db/migration/back2__up.sql", "drop table more;");
    CheckMigrationsReport report = rig.check();

    assertThat(PendingRig.pending(report, "V2").undo().verdict())
        .as("%s", List.of(report.lines()))
        .isEqualTo(UndoVerdict.proven);
  }
}
