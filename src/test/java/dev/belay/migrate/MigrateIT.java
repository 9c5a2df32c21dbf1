package dev.belay.migrate;

import static dev.belay.migrate.Orchard.TREES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.config.AppSettings;
import dev.belay.core.TableName;
import dev.belay.flyway.FlywayLock;
import dev.belay.journal.BegunOutside;
import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The guarded migration on a real database, with hostile names. */
class MigrateIT {
  @TempDir Path here;
  private Orchard orchard;

  @BeforeEach
  void plant() {
    orchard = new Orchard(here);
  }

  @AfterEach
  void drop() {
    orchard.close();
  }

  @Test
  void appliesAndSaysWhatItDidAndThenHasNothingToDo() {
    orchard.planted(100);
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    orchard.undo("U2__height.sql", "alter table " + TREES + " drop column height;");
    orchard.script("V3__baskets.sql", "create table baskets (id int primary key);");
    orchard.undo("U3__baskets.sql", "drop table baskets;");

    JsonNode answer =
        orchard.answer(orchard.run(0, "fruit", "--yes", "--monitor", "--output", "json"));

    assertThat(answer.path("applied").valueStream().map(each -> each.path("migration").asString()))
        .containsExactly("V2__height", "V3__baskets");
    assertThat(answer.path("fromVersion").asString()).isEqualTo("1");
    assertThat(answer.path("toVersion").asString()).isEqualTo("3");
    assertThat(answer.path("problems").isEmpty()).isTrue();
    assertThat(answer.path("backup").asString()).isNotEmpty();
    assertThat(answer.path("wayBack").asString())
        .isEqualTo("belay rollback-migration fruit --to 1");
    assertThat(answer.path("phases").valueStream().map(each -> each.path("phase").asString()))
        .containsExactly(
            "recover",
            "preflight",
            "readiness",
            "risk",
            "look",
            "backup",
            "ledger",
            "migrate",
            "verify");
    assertThat(orchard.ledger()).containsExactly("1", "2", "3");
    assertThat(orchard.cli().run("validate-schema").status()).isZero();

    int backups = orchard.files("backups", "manifest.json").size();
    Cli.Result again = orchard.run(0, "--yes");
    assertThat(again.out()).contains("Nothing to do").contains("at 3");
    assertThat(orchard.files("backups", "manifest.json")).hasSize(backups);
  }

  @Test
  void theDryRunShowsEverythingAndChangesNothing() {
    orchard.planted(10);
    orchard.script("V2__name.sql", "alter table " + TREES + " drop column name;");
    List<String> before = orchard.fingerprint();

    Cli.Result refused = orchard.run(11, "--dry-run");
    assertThat(refused.err()).contains("10 rows or values would be lost", "--accept-loss 10");

    Cli.Result plan = orchard.run(0, "--dry-run", "--accept-loss", "10");
    assertThat(plan.err())
        .contains("make a backup", "export what is lost", "apply V2__name: risk critical")
        .contains("there is no undo script", "with 10 values", "when it fails");
    assertThat(orchard.fingerprint()).isEqualTo(before);
    assertThat(orchard.history()).containsExactly("SQL 1");
    assertThat(orchard.files("backups", "manifest.json")).isEmpty();
  }

  @Test
  void whatIsLostIsExportedAndCounted() {
    orchard.planted(10);
    orchard.script("V2__name.sql", "alter table " + TREES + " drop column name;");
    JsonNode answer =
        orchard.answer(orchard.run(0, "--yes", "--accept-loss", "10", "--output", "json"));
    assertThat(answer.path("exports").valueStream().count()).isEqualTo(1);
    assertThat(orchard.files("data_exports", ".json")).hasSize(1);
  }

  @Test
  void theThirdFailsAndTheFirstTwoAreUndone() {
    orchard.planted(50);
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    orchard.undo("U2__height.sql", "alter table " + TREES + " drop column height;");
    orchard.script("V3__baskets.sql", "create table baskets (id int primary key);");
    orchard.undo("U3__baskets.sql", "drop table baskets;");
    // Only the live rows make it fail: a replay has none.
    orchard.script(
        "V4__unique.sql",
        "update %1$s set name = 'same';\nalter table %1$s add unique (name);".formatted(TREES));
    List<String> before = orchard.fingerprint();

    Cli.Result failed = orchard.run(13, "--yes", "--no-monitor");

    assertThat(failed.err())
        .contains("V4__unique.sql, line 2", "SQLSTATE 23505", "the database is as before");
    assertThat(orchard.fingerprint()).isEqualTo(before);
    assertThat(orchard.history())
        .containsExactly("SQL 1", "SQL 2", "SQL 3", "DELETE 3", "DELETE 2");
    assertThat(orchard.exists("baskets")).isFalse();
  }

  /** One table that a script made, with rows, and two scripts more, of which the second fails. */
  private List<String> birdsAndTwoMore(String undo) {
    orchard.planted(50);
    TableName birds = new TableName(Orchard.SCHEMA, "birds");
    orchard.script("V2__birds.sql", "create table " + birds + " (id serial, name text);");
    orchard.run(0, "--yes", "--no-backup", "--no-monitor");
    orchard.sql("insert into " + birds + " (name) values ('wren'), ('tit')");
    orchard.script("V3__height.sql", "alter table " + TREES + " add height int;");
    orchard.undo("U3__height.sql", "alter table " + TREES + " drop column height;\n" + undo);
    orchard.script(
        "V4__unique.sql",
        "update %1$s set name = 'same';\nalter table %1$s add unique (name);".formatted(TREES));
    return orchard.fingerprint();
  }

  @Test
  void whatOthersWriteToOtherTablesMeanwhileIsNoReasonToDoubtTheUndo() throws Exception {
    List<String> before = birdsAndTwoMore("");
    String insert =
        "insert into %s (name) values ('finch')".formatted(new TableName(Orchard.SCHEMA, "birds"));
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong written = new AtomicLong();
    Thread others =
        new Thread(
            () -> {
              try (Database session = orchard.open()) {
                while (!over.get()) {
                  session.execute(insert);
                  written.incrementAndGet();
                }
              }
            });
    others.start();
    Cli.Result failed = orchard.run(13, "--yes", "--no-monitor");
    over.set(true);
    others.join();

    assertThat(failed.err())
        .contains("the database is as before")
        .contains("every row of the tables that were written is as in the backup");
    assertThat(orchard.fingerprint()).isEqualTo(before);
    assertThat(
            orchard.number(
                "select count(*) from %s where name = 'finch'"
                    .formatted(new TableName(Orchard.SCHEMA, "birds"))))
        .isEqualTo(written.get())
        .isPositive();
  }

  @Test
  void anUndoThatChangesRowsElsewhereIsNotCalledAsBefore() {
    birdsAndTwoMore(
        "update %s set name = 'changed';".formatted(new TableName(Orchard.SCHEMA, "birds")));

    Cli.Result failed = orchard.run(20, "--yes", "--no-monitor", "--accept-loss", "100");

    assertThat(failed.err())
        .contains("undone: V3__height", "rows of ", "birds changed since the backup")
        .contains("not proven that the database is as before");
  }

  @Test
  void theFirstFailsAndNothingNeedsToBeTakenBack() {
    orchard.planted(50);
    orchard.script(
        "V2__unique.sql",
        "update %1$s set name = 'same';\nalter table %1$s add unique (name);".formatted(TREES));
    List<String> before = orchard.fingerprint();
    Cli.Result failed = orchard.run(13, "--yes", "--no-backup", "--no-monitor");
    assertThat(failed.err()).contains("nothing was applied; the database is as before");
    assertThat(orchard.fingerprint()).isEqualTo(before);
    assertThat(orchard.history()).containsExactly("SQL 1");
  }

  @Test
  void withoutUndoScriptsAndToldToStopItSaysWhichWaysThereAre() {
    orchard.planted(50);
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    orchard.script(
        "V3__unique.sql",
        "update %1$s set name = 'same';\nalter table %1$s add unique (name);".formatted(TREES));

    Cli.Result failed = orchard.run(20, "--yes", "--on-failure", "stop", "--no-monitor");

    assertThat(failed.err()).contains("belay backup-restore ").contains("belay migrate fruit");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
  }

  @Test
  void toldToRestoreItBringsTheBackupBack() {
    orchard.planted(50);
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    orchard.script(
        "V3__unique.sql",
        "update %1$s set name = 'same';\nalter table %1$s add unique (name);".formatted(TREES));
    List<String> before = orchard.fingerprint();

    Cli.Result failed = orchard.run(13, "--yes", "--on-failure", "restore", "--no-monitor");

    assertThat(failed.err()).contains("was restored");
    assertThat(orchard.fingerprint()).isEqualTo(before);
    assertThat(orchard.history()).containsExactly("SQL 1");
  }

  @Test
  void whatIsNoTransactionAndFailsHalfWayIsNotHidden() {
    orchard.planted(50);
    orchard.sql("update " + TREES + " set name = 'same'");
    orchard.script(
        "V2__index.sql",
        "create unique index concurrently trees_name on %s (name);".formatted(TREES));

    Cli.Result failed = orchard.run(20, "--yes", "--on-failure", "stop", "--no-monitor");

    assertThat(failed.err()).contains("SQLSTATE 23505").contains("belay");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2 failed");
    // Flyway's table tells of it, so that nobody has to find out any more whether it was begun.
    Path journals =
        orchard.files(".", ".jsonl").stream()
            .map(Path::getParent)
            .filter(folder -> folder.endsWith("journal"))
            .findFirst()
            .orElseThrow();
    assertThat(BegunOutside.on(orchard.target().toString(), journals)).isEmpty();
    assertThat(orchard.run(11, "--yes").err()).contains("belay resolve-conflicts fruit");
  }

  @Test
  void aTargetIsGoneToAndNoFurther() {
    orchard.planted(5);
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    orchard.script("V3__baskets.sql", "create table baskets (id int primary key);");
    orchard.run(0, "--yes", "--no-backup", "--no-monitor", "--target", "V2");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
    assertThat(orchard.run(2, "--target", "two; drop").err()).contains("no version");
  }

  @Test
  void aChangedScriptIsRefusedWithWhatToDo() {
    orchard.planted(5);
    orchard.script("V1__trees.sql", "create table other (id int);");
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    assertThat(orchard.run(11, "--yes").err()).contains("belay resolve-conflicts fruit");
  }

  @Test
  void whatFailsInTheReplayIsRefused() {
    orchard.planted(5);
    orchard.script("V2__typo.sql", "alter table nowhere add height int;");
    assertThat(orchard.run(11, "--yes").err()).contains("fails in the replay", "nowhere");
    assertThat(orchard.history()).containsExactly("SQL 1");
  }

  @Test
  void callbacksAndPlaceholdersOfTheAppAreThoseOfItsFlyway() {
    orchard.planted(5);
    orchard.script("afterMigrate__count.sql", "create table if not exists counted (n int);");
    orchard.script("V2__kind.sql", "alter table " + TREES + " add kind text;");
    orchard.script(
        "R__view.sql", "create or replace view kinds as select kind from " + TREES + ";");
    orchard.script("V3__fill.sql", "update " + TREES + " set kind = replace('${kind}', '_', ' ');");
    orchard.settings(
        """
            placeholders: {kind: "old_apple"}
            flyway: {group: 'true', cherryPickNot: 'x'}
        """);

    Cli.Result result = orchard.run(0, "--yes", "--no-backup", "--no-monitor");

    assertThat(result.err()).contains("flyway.cherryPickNot is left out");
    assertThat(orchard.number("select count(*) from " + TREES + " where kind = 'old apple'"))
        .isEqualTo(5);
    assertThat(orchard.exists("counted")).isTrue();
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2", "SQL 3", "SQL ");
  }

  @Test
  void aFlywayThatIsRunningIsNotDisturbed() {
    orchard.planted(5);
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    AppSettings app =
        new AppSettings(
            "fruit",
            List.of(Orchard.SCHEMA),
            List.of(),
            List.of(),
            List.of(),
            Orchard.SCHEMA,
            Orchard.HISTORY.table(),
            Map.of(),
            Map.of());
    try (Database flyway = orchard.open()) {
      flyway.number("select 1 from (select pg_advisory_lock(?)) taken", FlywayLock.key(app));
      assertThat(orchard.run(11, "--yes").err())
          .contains("a migration of the app 'fruit' is running");
    }
    assertThat(orchard.history()).containsExactly("SQL 1");
  }

  @Test
  void anEmptyDatabaseIsMigratedFromTheBeginning() {
    JsonNode answer = orchard.answer(orchard.run(0, "--yes", "--no-monitor", "--output", "json"));
    assertThat(answer.path("fromVersion").isMissingNode()).isTrue();
    assertThat(answer.path("wayBack").asString()).startsWith("belay backup-restore ");
    assertThat(orchard.ledger()).containsExactly("1");
  }

  @Test
  void inProductionTheNameIsTyped() {
    orchard.planted(5);
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    Cli.Result wrong =
        orchard
            .cli()
            .answering("yes")
            .run("migrate", "--no-backup", "--no-monitor", "--set", "environment=production");
    assertThat(wrong.status()).isEqualTo(11);
    assertThat(orchard.history()).containsExactly("SQL 1");
    orchard
        .cli()
        .answering(orchard.target().database())
        .expect(0, "migrate", "--no-backup", "--no-monitor", "--set", "environment=production");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
  }

  @Test
  void whatCannotBeReplayedNeedsAWord() {
    orchard.planted(5);
    orchard.script("V2__height.sql", "alter table " + TREES + " add height int;");
    String[] nowhere = {
      "--no-backup", "--no-monitor", "--yes", "--set", "scratch.url=postgresql://x@127.0.0.1:1/x"
    };
    assertThat(orchard.run(12, nowhere).err()).contains("--unproven");
    List<String> all = new ArrayList<>(List.of(nowhere));
    all.add("--unproven");
    Cli.Result result = orchard.run(0, all.toArray(String[]::new));
    assertThat(result.err()).contains("nothing was replayed");
    assertThat(result.out()).contains("risk unknown", "the schema is not compared");
  }

  @Test
  void aServerThatIsGoneAfterwardsDoesNotMakeItUnchanged() {
    orchard.planted(5);
    // Nobody can connect any more; a replay is in another database.
    orchard.script(
        "V2__closed.sql",
        "update pg_catalog.pg_database set datallowconn = false where datname = current_database()"
            + " and datname like 'orchard%';");
    Cli.Result result = orchard.run(20, "--yes", "--no-backup", "--no-monitor");
    assertThat(result.err()).contains("applied: V2__closed");
  }

  @Test
  void aFirstMigrationThatFailsIsLookedAtSinceFlywayMayHaveMadeItsTable() {
    orchard.sql("create schema \"" + Orchard.SCHEMA.replace("\"", "\"\"") + "\"");
    orchard.script(
        "V1__trees.sql",
        "do $$ begin if current_database() like 'orchard%' then raise 'only here'; end if; end $$;");
    Cli.Result failed = orchard.run(13, "--yes", "--no-backup", "--no-monitor");
    assertThat(failed.err())
        .contains("only here")
        .doesNotContain("nothing was applied; the database is as before");
  }
}
