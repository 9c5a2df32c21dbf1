package dev.belay.undo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationVersion;
import dev.belay.ledger.NewUndo;
import dev.belay.ledger.StoredUndo;
import dev.belay.ledger.UndoStore;
import dev.belay.postgres.Database;
import dev.belay.scratch.LockMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way back of applied migrations, as it is worked out. */
class UndoPlanningIT {
  /** As hostile as a name can be. */
  private static final String BAD = "x\"; drop table people; -- Ü ü";

  private static final String QUOTED = "\"x\"\"; drop table people; -- Ü ü\"";

  @TempDir Path folder;
  private UndoRig rig;

  @BeforeEach
  void migrate() {
    rig = new UndoRig(folder);
    rig.write("V1__people.sql", "create table people (id integer primary key, name text);")
        .write("V2__orders.sql", "create table orders (id integer primary key, note text);")
        .write("U2__orders.sql", "drop table orders;")
        .write("V3__bad.sql", "alter table people add column " + QUOTED + " text;")
        .write("U3__bad.sql", "alter table people drop column " + QUOTED + ";")
        .write("V4__view.sql", "create view names as select name from people;")
        .write("U4__view.sql", "drop view names;")
        .migrate()
        .sql(
            "insert into public.people values (1, 'a', 'x'), (2, 'b', null), (3, 'c', 'y')",
            "insert into public.orders values (1, 'n')");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static List<String> names(UndoPlan plan) {
    return plan.steps().stream().map(step -> step.migration().name()).toList();
  }

  private static void refused(ThrowingCallable call, ExitCode code, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).as(failure.message()).isEqualTo(code);
              assertThat(failure.message()).contains(words);
              assertThat(failure.hint()).isNotEmpty();
            });
  }

  @Test
  void everythingThatWasAppliedSinceGoesNewestFirstAndIsProven() {
    UndoPlan plan = rig.from("V2");

    assertThat(names(plan)).containsExactly("V4__view", "V3__bad", "V2__orders");
    assertThat(plan.proof().verdict())
        .as("%s %s", plan.proof(), plan.notes())
        .isEqualTo(UndoProof.Verdict.PROVEN);
    assertThat(plan.losses())
        .containsExactly(
            new UndoLoss(
                UndoLoss.Kind.TABLE, new TableName("public", "orders"), Optional.empty(), 1, true),
            new UndoLoss(
                UndoLoss.Kind.COLUMN,
                new TableName("public", "people"),
                Optional.of(BAD),
                2,
                true));
    assertThat(plan.locks())
        .extracting(lock -> lock.table().plain() + " " + lock.mode())
        .containsExactly(
            "public.orders " + LockMode.ACCESS_EXCLUSIVE,
            "public.people " + LockMode.ACCESS_EXCLUSIVE);
    assertThat(plan.expected()).isPresent();
    assertThat(plan.isComplete() && plan.isTransactional()).isTrue();
  }

  @Test
  void downToLeavesTheNamedOneAndOnlyTakesIt() {
    assertThat(names(rig.plan(rig.request("2", UndoRequest.Reach.DOWN_TO))))
        .containsExactly("V4__view", "V3__bad");
    UndoPlan only = rig.plan(rig.request("V2", UndoRequest.Reach.ONLY));
    assertThat(names(only)).containsExactly("V2__orders");
    assertThat(only.proof().verdict()).isEqualTo(UndoProof.Verdict.PROVEN);
    refused(
        () -> rig.plan(rig.request("V4", UndoRequest.Reach.DOWN_TO)),
        ExitCode.REFUSED,
        "nothing to undo");
  }

  @Test
  void oneAloneThatOthersNeedIsRefusedWithTheirNames() {
    rig.write("U1__people.sql", "drop table people;");
    refused(
        () -> rig.plan(rig.request("V1", UndoRequest.Reach.ONLY)),
        ExitCode.REFUSED,
        "V1__people cannot go alone: V4__view, V3__bad need it");
  }

  @Test
  void whatIsAppliedOutOfOrderGoesByWhenItWasApplied() {
    rig.set("apps.default.flyway.outOfOrder", "true")
        .write("V2.5__late.sql", "create table late (id int);")
        .write("U2.5__late.sql", "drop table late;")
        .migrate();

    assertThat(names(rig.from("V4"))).containsExactly("V2.5__late", "V4__view");
    assertThat(names(rig.from("2.5"))).containsExactly("V2.5__late");
  }

  @Test
  void theLedgerCountsAndADifferingFileIsNoted() {
    TableName history = new TableName("public", "flyway_schema_history");
    NewUndo stored =
        new NewUndo(
            "default",
            MigrationVersion.of("4"),
            "view",
            null,
            Optional.empty(),
            "U4__view.sql",
            "-- stored\ndrop view names;",
            true,
            StoredUndo.Origin.FILE);
    try (Database session = rig.open()) {
      new UndoStore(history).store(session, stored, "test");
    }
    UndoStep step = rig.from("V4").steps().get(0);
    assertThat(step.script().orElseThrow().origin()).isEqualTo(UndoScript.Origin.LEDGER);
    assertThat(step.notes().get(0)).contains("U4__view.sql on disk has another text from line 1");

    UndoRequest asked = rig.request("V4", UndoRequest.Reach.DOWN_FROM);
    UndoPlan disk =
        rig.plan(
            new UndoRequest(
                asked.app(), "V4", asked.reach(), UndoRequest.Preferred.DISK, false, List.of()));
    assertThat(disk.steps().get(0).script().orElseThrow().origin())
        .isEqualTo(UndoScript.Origin.FILE);

    // An old image has neither file.
    rig.delete("U4__view.sql");
    assertThat(rig.from("V4").proof().verdict()).isEqualTo(UndoProof.Verdict.PROVEN);
    rig.sql("update belay.undo_script set content = 'drop table public.people'");
    refused(() -> rig.from("V4"), ExitCode.REFUSED, "U4__view.sql", "changed by hand");
  }

  @Test
  void aMigrationThatIsNotOnDiskIsReplayedFromTheLedger() {
    try (Database session = rig.open()) {
      new UndoStore(new TableName("public", "flyway_schema_history"))
          .store(
              session,
              new NewUndo(
                  "default",
                  MigrationVersion.of("4.0"),
                  "view",
                  null,
                  Optional.of("create view names as select name from people;"),
                  "U4__view.sql",
                  "drop view names;",
                  true,
                  StoredUndo.Origin.FILE),
              "test");
    }
    rig.delete("V4__view.sql").delete("U4__view.sql");
    UndoPlan plan = rig.from("V3");
    assertThat(names(plan)).containsExactly("V4__view", "V3__bad");
    assertThat(plan.proof().verdict()).as("%s", plan).isEqualTo(UndoProof.Verdict.PROVEN);
    assertThat(plan.notes())
        .contains("V4__view is not on disk; it is replayed as the ledger has it");

    rig.sql("drop schema belay cascade");
    UndoPlan without = rig.from("V3");
    assertThat(without.proof().verdict()).isEqualTo(UndoProof.Verdict.NOT_TRIED);
    assertThat(without.isComplete()).isFalse();
  }

  @Test
  void scriptsThatEndTransactionsAreEmptyOrWriteTheHistoryAreRefused() {
    for (String wrong :
        List.of(
            "drop view names;\n\n/* so */ COMMIT;",
            "begin;\ndrop view names;",
            "drop view names;\n-- x\nstart transaction;",
            "drop view names;\nsavepoint a;",
            "drop view names;\nPREPARE TRANSACTION 'a';")) {
      rig.write("U4__view.sql", wrong);
      refused(() -> rig.from("V4"), ExitCode.REFUSED, "U4__view.sql, line ");
    }
    rig.write("U4__view.sql", "-- drop view names;\n");
    refused(() -> rig.from("V4"), ExitCode.REFUSED, "no statement");
    rig.write(
        "U4__view.sql", "drop view names; delete from flyway_schema_history where version = '4';");
    refused(() -> rig.from("V4"), ExitCode.REFUSED, "U4__view.sql writes Flyway's history table");
    rig.write("U4__view.sql", "drop view names; select count(*) from flyway_schema_history;");
    assertThat(rig.from("V4").proof().verdict()).isEqualTo(UndoProof.Verdict.PROVEN);
  }

  @Test
  void anUndoThatFailsOrForgetsSomethingIsNotProven() {
    rig.write("U4__view.sql", "drop view nams;");
    UndoProof fails = rig.from("V4").proof();
    assertThat(fails.verdict()).isEqualTo(UndoProof.Verdict.FAILS);
    assertThat(fails.reason().orElseThrow())
        .startsWith("U4__view.sql, line 1: view \"nams\" does not exist");

    rig.write("U4__view.sql", "comment on table people is 'x';");
    UndoProof differs = rig.from("V4").proof();
    assertThat(differs.verdict()).isEqualTo(UndoProof.Verdict.DIFFERS);
    assertThat(differs.differences())
        .containsExactly(
            "view public.names is still there", "table public.people: comment was none, is x");
  }

  @Test
  void whatAScriptWritesIsNamedThoughNobodyCanCountIt() {
    rig.write("U4__view.sql", "drop view names; delete from people where name = 'a';");
    UndoPlan plan = rig.from("V4");
    assertThat(plan.losses())
        .containsExactly(
            new UndoLoss(
                UndoLoss.Kind.REMOVED,
                new TableName("public", "people"),
                Optional.empty(),
                0,
                false));
  }

  @Test
  void aRenameOnTheWayDoesNotHideWhatIsLost() {
    rig.write("V5__rename.sql", "alter table orders rename to \"Old Orders\";")
        .write("U5__rename.sql", "alter table \"Old Orders\" rename to orders;")
        .migrate();
    UndoPlan plan = rig.from("V2");
    assertThat(plan.proof().verdict()).isEqualTo(UndoProof.Verdict.PROVEN);
    assertThat(plan.losses().get(0).table()).isEqualTo(new TableName("public", "Old Orders"));
    assertThat(plan.losses().get(0).rows()).isEqualTo(1);
  }

  @Test
  void repeatableMigrationsWhoseObjectsGoAreNamed() {
    rig.write("V5__more.sql", "alter table people add column more int;")
        .write("U5__more.sql", "alter table people drop column more cascade;")
        .write("R__more.sql", "create or replace view more as select more from people;")
        .write("R__stays.sql", "create or replace view stays as select name from people;")
        .migrate();
    UndoPlan plan = rig.from("V5");
    assertThat(plan.proof().verdict()).as("%s", plan.proof()).isEqualTo(UndoProof.Verdict.PROVEN);
    assertThat(plan.vanishing()).extracting(Migration::description).containsExactly("more");
    refused(() -> rig.from("R__more"), ExitCode.REFUSED, "repeatable");
  }

  @Test
  void whatCannotBeUndoneIsSaidPlainly() {
    refused(() -> rig.from("V9"), ExitCode.USAGE, "no migration 'V9'");
    rig.write("V5__next.sql", "select 1;");
    refused(() -> rig.from("V5"), ExitCode.REFUSED, "never applied");
    rig.sql(
        "insert into public.flyway_schema_history values"
            + " (5, '4', 'view', 'DELETE', 'V4__view.sql', null, 'me', now(), 0, true)");
    refused(() -> rig.from("V4"), ExitCode.REFUSED, "V4__view was taken back already (pending)");
    rig.sql(
        "insert into public.flyway_schema_history values"
            + " (6, '5', 'next', 'SQL', 'V5__next.sql', 1, 'me', now(), 0, false)");
    refused(() -> rig.from("V3"), ExitCode.REFUSED, "failed migrations", "V5");
  }

  @Test
  void aMigrationWithoutAnUndoIsAStepWithoutAScript() {
    UndoPlan plan = rig.from("V1");
    assertThat(plan.isComplete()).isFalse();
    assertThat(plan.steps().get(3).notes().get(0)).contains("no undo script", "--generated");
    assertThat(plan.proof().verdict()).isEqualTo(UndoProof.Verdict.NOT_TRIED);
  }

  @Test
  void aDroppedSchemaTakesTablesWithItThatNoMigrationMade() {
    rig.write("V5__schema.sql", "create schema \"S \"; create table \"S \".t (id int);")
        .write("U5__schema.sql", "drop schema \"S \" cascade;")
        .migrate()
        .sql("create table \"S \".own (id int)", "insert into \"S \".own values (1), (2)");
    UndoPlan plan = rig.from("V5");
    assertThat(plan.losses())
        .extracting(loss -> loss.table().plain() + " " + loss.rows())
        .containsExactly("S .own 2", "S .t 0");
  }
}
