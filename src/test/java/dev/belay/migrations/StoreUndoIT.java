package dev.belay.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The undo scripts that travel with the target. */
class StoreUndoIT {
  @TempDir Path folder;
  private PendingRig rig;
  private Cli cli;

  @BeforeEach
  void migrate() {
    rig = new PendingRig(folder);
    rig.write("V1__a.sql", "create table a (id int);")
        .write("V2__b.sql", "create table b (id int);")
        .write("U2__b.sql", "-- Ü \"; drop table a\ndrop table b;\n")
        .write("V3__c.sql", "create table c (id int);")
        .write("U3__c.sql", "drop table c;")
        .migrate();
    cli = new Cli(folder).on(rig.live());
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private List<String> rows() {
    try (Database session = rig.open()) {
      return session.list(
          "select version || ' ' || script || ' ' || origin || ' ' || content"
              + " from belay.undo_script order by id",
          row -> row.getString(1));
    }
  }

  @Test
  void theScriptsOfAppliedMigrationsAreStoredOnce() {
    Cli.Result planned = cli.expect(0, "store-undo", "--dry-run");
    assertThat(planned.err())
        .contains("make the ledger: the schema belay", "store U2__b.sql for V2__b");
    assertThat(planned.out()).contains("nothing was done");
    try (Database session = rig.open()) {
      assertThat(session.test("select to_regnamespace('belay') is null")).isTrue();
    }

    Cli.Result done = cli.expect(0, "store-undo", "--yes");
    assertThat(done.out())
        .contains("stored   V3__c", "missing  V1__a", "2 undo scripts stored in the ledger");
    assertThat(rows())
        .containsExactly(
            "2 U2__b.sql file -- Ü \"; drop table a\ndrop table b;\n",
            "3 U3__c.sql file drop table c;");

    Cli.Result again = cli.expect(0, "store-undo", "--yes", "--output", "json");
    assertThat(again.out())
        .contains("\"outcome\": \"unchanged\"", "\"databaseChanged\": false")
        .doesNotContain("\"outcome\": \"stored\"");
    assertThat(rows()).hasSize(2);
  }

  @Test
  void anotherTextStaysUnlessItIsToBeReplaced() {
    cli.expect(0, "store-undo", "--yes");
    rig.write("U3__c.sql", "drop table c;\ncomment on table a is 'x';");

    Cli.Result kept = cli.expect(0, "store-undo", "--yes");
    assertThat(kept.out())
        .contains("kept       V3__c", "from line 2 on it is not what the ledger has", "--replace");
    assertThat(rows()).hasSize(2);

    assertThat(cli.expect(0, "store-undo", "--yes", "--replace").out()).contains("replaced");
    assertThat(rows()).hasSize(3);
    rig.sql("update belay.undo_script set content = 'x'");
    assertThat(cli.expect(0, "store-undo", "--yes").out()).contains("was changed by hand");
  }

  @Test
  void aScriptThatMustNotBeRunIsNotStoredEither() {
    rig.write("U3__c.sql", "drop table c;\ncommit;").write("U2__b.sql", "-- nothing\n");
    Cli.Result refused = cli.expect(11, "store-undo", "--yes");
    assertThat(refused.err()).contains("U3__c.sql, line 2: 'commit'", "U2__b.sql has no statement");
    assertThat(cli.expect(0, "store-undo", "--yes", "--migration", "V1").out())
        .contains("0 undo scripts stored");
    assertThat(cli.expect(2, "store-undo", "--migration", "V9").err()).contains("V9");
    rig.write("V4__d.sql", "select 1;");
    assertThat(cli.expect(11, "store-undo", "--migration", "V4").err())
        .contains("not an applied version (pending)");
  }

  @Test
  void whatHasNoScriptGetsOneThatIsProven() throws Exception {
    Cli.Result done = cli.expect(0, "store-undo", "--yes", "--generate", "--migration", "V1");
    assertThat(done.out()).contains("stored  V1__a  U1__a.sql");
    assertThat(rows())
        .singleElement()
        .asString()
        .contains("generated", "DROP TABLE \"public\".\"a\"");
    assertThat(cli.expect(0, "list-migrations").out())
        .contains("undo: U1__a.sql in the ledger", "undo: db/undo/U2__b.sql");

    cli.expect(0, "store-undo", "--yes");
    Files.delete(folder.resolve("db/undo/U3__c.sql"));
    assertThat(cli.expect(0, "list-migrations").out())
        .contains("undo: U3__c.sql in the ledger", "undo: db/undo/U2__b.sql and the ledger");
    assertThat(cli.run("verify-state").out()).contains("3 of 3 applied versions");
    rig.sql("update belay.undo_script set content = 'x' where version = '3'");
    assertThat(cli.run("verify-state").out())
        .contains("FAIL  ledger", "U3__c.sql of version 3", "changed by hand");
  }

  @Test
  void aSchemaOfThatNameThatIsNoLedgerIsLeftAlone() {
    rig.sql("create schema belay", "create table belay.mine (id int)");
    assertThat(cli.expect(11, "store-undo", "--yes").err())
        .contains("a schema belay that is not the ledger");
  }
}
