package dev.belay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.PsqlAddress;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.support.Cli;
import dev.belay.support.Programs;
import dev.belay.swap.Replaced;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(300)
class ReconcileIT {
  private static final String HISTORY =
      "insert into public.flyway_schema_history values (%1$d, '%1$d', 'x', 'SQL', 'V%1$d__x.sql',"
          + " 1, 'me', '2024-01-01', 1, true)";

  @TempDir private Path folder = Path.of("");
  private Night night;

  @BeforeEach
  void begin() {
    night = Night.begin(folder);
  }

  @AfterEach
  void drop() {
    night.drop();
  }

  // ---------------------------------------------------------------- from the backup

  @Test
  void bringsBackRowsThatWereLostSinceTheBackup() {
    night.sql(
        "delete from public.visits where patient = 2", "delete from public.patients where id = 2");
    night.sql("insert into public.patients (name) values ('new')");

    Cli.Result run = reconcile(0, "--yes");

    assertThat(run.err())
        .contains("step 1 of 5: verify the backup")
        .contains("public.patients: add 1 row")
        .contains("public.visits: add 2 rows");
    assertThat(run.out()).contains("is reconciled", "3 rows added");
    assertThat(night.patients()).contains("2 patient 2", "6 new").hasSize(6);
    assertThat(night.visits()).hasSize(10);
    assertThat(reconcile(0, "--yes").err()).contains("nothing to write");
    assertThat(night.visits()).hasSize(10);
    assertThat(night.scratches()).isEmpty();
  }

  @Test
  void leavesChangedRowsUnlessToldAndSaysSo() {
    night.sql("update public.patients set name = 'damaged' where id = 3");

    Cli.Result left = reconcile(10, "--yes");
    assertThat(left.out())
        .contains("1 row of public.patients with other values")
        .contains("--policy overwrite");
    assertThat(night.patients()).contains("3 damaged");

    Cli.Result taken = reconcile(0, "--policy", "overwrite", "--yes");
    assertThat(taken.err()).contains("lose the values that they have now");
    assertThat(night.patients()).contains("3 patient 3");
  }

  @Test
  void exactTakesAwayWhatOnlyTheTargetHasAndSaysSoBefore() {
    night.sql(
        "insert into public.patients (name) values ('new')",
        "insert into public.log values ('begun'), ('on')");

    Cli.Result run = reconcile(0, "--policy", "exact", "--yes");

    assertThat(run.err()).contains("! 1 row of public.patients are removed");
    assertThat(night.patients()).hasSize(5);
    assertThat(night.list("select line from public.log")).containsExactly("begun", "begun");
  }

  @Test
  void aDryRunChangesNothingAndWritesTheReport() throws IOException {
    night.sql("delete from public.visits where id = 1");

    JsonNode result = Night.result(reconcile(0, "--dry-run", "--output", "json"));

    assertThat(result.at("/dryRun").asBoolean()).isTrue();
    assertThat(result.at("/passes/0/tables/2/add").asLong()).isEqualTo(1);
    assertThat(night.visits()).hasSize(9);
    assertThat(Files.readString(Path.of(result.at("/page").asString())))
        .contains("A plan: everything was compared");
    assertThat(files()).hasSize(2);
  }

  @Test
  void nobodyAgreedSoNothingIsDone() {
    night.sql("delete from public.visits where id = 1");
    assertThat(reconcile(11).err()).contains("--yes");
    assertThat(night.cli().answering("n").expect(11, "reconcile-data", night.backup).err())
        .contains("not confirmed");
    assertThat(night.visits()).hasSize(9);
    night.cli().answering("y").expect(0, "reconcile-data", night.backup);
    assertThat(night.visits()).hasSize(10);
  }

  @Test
  void looksOnlyAtTheTablesThatWereNamed() {
    night.sql("delete from public.visits", "delete from public.log");
    reconcile(0, "--table", "vis*", "--yes");
    assertThat(night.visits()).hasSize(10);
    assertThat(night.list("select line from public.log")).isEmpty();
    assertThat(reconcile(2, "--table", "nothing*", "--yes").err())
        .contains("no table is meant by 'nothing*'");
  }

  @Test
  void saysWhichTablesAreMissingAndHowToBringThemBack() {
    night.sql("drop table public.log");
    Cli.Result run = reconcile(10, "--yes");
    assertThat(run.out())
        .contains("the table public.log, which the target lacks: 2 rows")
        .contains("belay backup-restore " + night.backup + " --table public.log");
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefusedBeforeAnythingIsOpened() {
    assertThat(reconcile(2, "--policy", "three-way").err()).contains("common ancestor");
    assertThat(reconcile(2, "--removals").err()).contains("three-way only");
    assertThat(reconcile(2, "--policy", "newest").err()).contains("is no policy");
    assertThat(reconcile(2, "--samples", "-1").err()).contains("--samples");
    assertThat(reconcile(2, "--batch-size", "0").err()).contains("--batch-size");
    assertThat(reconcile(2, "--triggers", "maybe").err()).contains("--triggers");
    assertThat(reconcile(2, "--float-tolerance", "NaN").err()).contains("--float-tolerance");
    assertThat(reconcile(11, "--from", "nonsense").err()).contains("list-replaced");
    assertThat(reconcile(11, "--from", "replaced").err()).contains("no replaced database");
  }

  @Test
  void aDamagedBackupIsSaidAndNothingIsDone() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("backups"))) {
      Path data =
          files
              .filter(file -> file.toString().contains("dump/") && file.toString().endsWith("gz"))
              .findFirst()
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(data);
      bytes[bytes.length / 2] ^= 1;
      Files.write(data, bytes);
    }
    assertThat(reconcile(10, "--yes").err()).contains("is damaged").contains("list-backups");
    assertThat(night.scratches()).isEmpty();
  }

  // ---------------------------------------------------------------- from the replaced database

  @Test
  void bringsBackWhatWasWrittenBetweenTheBackupAndTheFailure() {
    night.sql(
        "insert into public.patients (name) values ('in between')",
        "insert into public.visits (patient, what) values (6, 'first'), (1, 'third')",
        "insert into public.log values ('in between')");
    night.rollBack();
    assertThat(night.patients()).hasSize(5);

    Cli.Result run =
        night.cli().expect(0, "reconcile-data", "latest", "--from", "replaced", "--yes");

    assertThat(run.err())
        .contains(
            "written to the replaced database after the backup: 4 rows added, 0 changed, 0 removed")
        .contains("public.visits: 2 rows added, 0 changed, 0 removed; come back: add 2 rows");
    assertThat(run.out()).contains("is reconciled", "belay discard-replaced", "open for logins");
    assertThat(night.patients()).contains("6 in between");
    assertThat(night.visits()).contains("11 6 first", "12 1 third").hasSize(12);
    night.sql("insert into public.visits (patient, what) values (6, 'after')");
    assertThat(night.visits()).contains("13 6 after");
    assertThat(night.replaced()).singleElement().matches(still -> !still.open());
    assertThat(night.scratches()).isEmpty();
    assertThat(
            night.cli().expect(0, "reconcile-data", "latest", "--from", "replaced", "--yes").err())
        .contains("nothing to write");
  }

  @Test
  void aTableThatOnlyTheReplacedDatabaseHasComesBackByWhatIsPrinted() throws Exception {
    night.sql("create table public.extra (n integer)", "insert into public.extra values (42)");
    String replaced = night.rollBack();

    String remedy =
        Night.result(
                night
                    .cli()
                    .expect(
                        0,
                        "reconcile-data",
                        "latest",
                        "--from",
                        "replaced",
                        "--dry-run",
                        "--set",
                        "jobs=2",
                        "--output",
                        "json"))
            .path("missingTables")
            .get(0)
            .path("remedy")
            .asString();

    Target source = night.live.withDatabase(replaced);
    assertThat(remedy)
        .contains("pg_dump -d " + ShellWords.quote(PsqlAddress.connection(source)) + " -t ");
    assertThat(remedy.split("psql -d ", -1)).as(remedy).hasSize(3);
    Map<String, String> password = new HashMap<>();
    night.live.password().ifPresent(secret -> password.put("PGPASSWORD", secret.reveal()));
    Programs.Result pasted =
        Programs.run(
            password,
            Set.of("PGHOST", "PGPORT", "PGUSER", "PGDATABASE"),
            "sh",
            "-c",
            "cd " + ShellWords.quote(night.folder.toString()) + " && " + remedy);
    assertThat(pasted.status()).as(pasted.err()).isZero();
    assertThat(Files.readString(night.folder.resolve("table.sql"))).contains("\n42\n");
    assertThat(night.replaced()).singleElement().matches(still -> !still.open());
  }

  @Test
  void aRowThatSomebodyDeletedSinceIsNotBroughtBack() {
    night.sql("insert into public.patients (name) values ('in between')");
    night.rollBack();
    night.sql(
        "delete from public.visits where patient = 5", "delete from public.patients where id = 5");

    night.cli().expect(0, "reconcile-data", "latest", "--from", "replaced", "--yes");

    assertThat(night.patients()).hasSize(5).contains("6 in between").doesNotContain("5 patient 5");
  }

  @Test
  void keysThatBothSidesGaveAwayAreConflictsWithBothRows() {
    night.sql("insert into public.patients (name) values ('there')");
    night.rollBack();
    night.sql("insert into public.patients (name) values ('here')");

    for (String policy : List.of("add-missing", "three-way")) {
      JsonNode result =
          Night.result(
              night
                  .cli()
                  .expect(
                      10,
                      "reconcile-data",
                      "latest",
                      "--from",
                      "replaced",
                      "--policy",
                      policy,
                      "--yes",
                      "--output",
                      "json"));
      JsonNode patients = result.at("/passes/0/tables/1");
      assertThat(patients.at("/conflicts").asLong()).isEqualTo(1);
      assertThat(patients.at("/rows/0/base").asString()).isEqualTo("ABSENT");
      assertThat(patients.at("/rows/0/cells").toString()).contains("there", "here");
      assertThat(result.at("/remaining").toString()).contains("in conflict");
    }
    assertThat(night.patients()).contains("6 here").hasSize(6);
  }

  /** The visit of one patient would be that of another. */
  @Test
  void whatHangsOnARowInConflictNeverComesToHangOnAStranger() {
    night.sql(
        "insert into public.patients (name) values ('there'), ('there, too')",
        "insert into public.visits (patient, what) values (6, 'of there'), (7, 'of there, too')",
        "update public.visits set patient = 6 where id = 2");
    night.rollBack();
    night.sql("insert into public.patients (name) values ('here')");

    for (String policy : List.of("add-missing", "three-way")) {
      Cli.Result run =
          night
              .cli()
              .expect(
                  policy.equals("add-missing") ? 0 : 10,
                  "reconcile-data",
                  "latest",
                  "--from",
                  "replaced",
                  "--policy",
                  policy,
                  "--yes");
      assertThat(run.out()).contains("of public.visits in conflict");
      assertThat(lastPage())
          .contains("it refers to a row that is not in the target", "of there</bdi>");
      assertThat(night.patients()).contains("6 here", "7 there, too");
      assertThat(night.visits())
          .contains("12 7 of there, too", "2 2 visit 1")
          .noneMatch(visit -> visit.contains(" 6 "));
    }
  }

  @Test
  void takesOverChangesAndRemovalsOnlyWhenTold() {
    night.sql(
        "update public.patients set note = 'in between' where id in (1, 2)",
        "delete from public.visits where id = 10");
    night.rollBack();
    night.sql("update public.patients set note = 'since' where id = 2");

    Cli.Result plain =
        night.cli().expect(10, "reconcile-data", "latest", "--from", "replaced", "--yes");
    assertThat(plain.out())
        .contains("that were changed in", "that were removed in", "--policy three-way");
    assertThat(night.patients()).contains("1 patient 1", "2 patient 2 since");

    Cli.Result three =
        night
            .cli()
            .expect(
                0,
                "reconcile-data",
                "latest",
                "--from",
                "replaced",
                "--policy",
                "three-way",
                "--yes");
    assertThat(three.out()).contains("1 row of public.patients in conflict");
    assertThat(night.patients()).contains("1 patient 1 in between", "2 patient 2 since");
    assertThat(night.visits()).hasSize(10);

    night
        .cli()
        .expect(
            0,
            "reconcile-data",
            "latest",
            "--from",
            "replaced",
            "--policy",
            "three-way",
            "--removals",
            "--yes");
    assertThat(night.visits()).hasSize(9).noneMatch(visit -> visit.startsWith("10 "));
  }

  @Test
  void valuesOfColumnsThatOnlyTheReplacedDatabaseHasAreNamed() {
    night.sql(
        "alter table public.patients add \"Tri\"\"age\" text",
        "insert into public.patients (name, \"Tri\"\"age\") values ('in between', 'red')",
        "create table public.\"new; drop\" (id integer)",
        "insert into public.\"new; drop\" values (1), (2)");
    night.rollBack();

    Cli.Result run =
        night.cli().expect(0, "reconcile-data", "latest", "--from", "replaced", "--yes");

    assertThat(night.patients()).contains("6 in between");
    assertThat(run.out())
        .contains("1 value of the column Tri\"age of public.patients, which the target lacks")
        .contains("the table public.new; drop, which the target lacks: 2 rows")
        .contains("pg_dump");
  }

  @Test
  void flywaysAccountOfWhatItAppliedIsNoData() {
    night.sql(
        "create table public.flyway_schema_history (installed_rank integer primary key, version"
            + " text, description text, type text, script text, checksum integer, installed_by text,"
            + " installed_on timestamp, execution_time integer, success boolean)",
        HISTORY.formatted(1));
    night.backup();
    night.sql(HISTORY.formatted(2));
    night.cli().expect(0, "backup-restore", night.backup, "--yes");

    JsonNode result =
        Night.result(
            night
                .cli()
                .expect(
                    0,
                    "reconcile-data",
                    "latest",
                    "--from",
                    "replaced",
                    "--policy",
                    "three-way",
                    "--yes",
                    "--output",
                    "json"));

    assertThat(night.list("select script from public.flyway_schema_history"))
        .containsExactly("V1__x.sql");
    assertThat(result.at("/passes/0/tables").toString()).doesNotContain("flyway_schema_history");
  }

  @Test
  void aBackupFromAfterTheReplacementIsNoCommonAncestor() {
    night.sql("insert into public.patients (name) values ('in between')");
    night.rollBack();
    night.cli().expect(0, "create-backup", "--level", "checksummed", "--description", "later");
    String later = files("backups").stream().sorted().reduce((one, two) -> two).orElseThrow();

    assertThat(night.cli().expect(11, "reconcile-data", later, "--from", "replaced", "--yes").err())
        .contains("the two do not come from it");
    night.cli().expect(0, "reconcile-data", "latest", "--from", "replaced", "--yes");
    assertThat(night.patients()).contains("6 in between");
  }

  @Test
  void aRowWhoseParentSomebodyDeletedSinceIsAConflictAndTheOthersComeBack() {
    night.sql(
        "insert into public.visits (patient, what) values (1, 'of one'), (5, 'of five')",
        "create table public.bills (id integer primary key, visit bigint references public.visits)");
    night.backup();
    night.sql(
        "insert into public.visits (patient, what) values (1, 'new of one'), (5, 'new of five')",
        "insert into public.bills values (1, 13), (2, 14)");
    night.cli().expect(0, "backup-restore", night.backup, "--yes");
    night.sql(
        "delete from public.visits where patient = 5", "delete from public.patients where id = 5");
    for (String[] batches : List.of(new String[0], new String[] {"--batch-size", "1"})) {
      List<String> words =
          new ArrayList<>(List.of("reconcile-data", "latest", "--from", "replaced", "--yes"));
      words.addAll(List.of(batches));
      Cli.Result run =
          night.cli().expect(batches.length == 0 ? 0 : 10, words.toArray(String[]::new));
      assertThat(run.out()).contains("1 row of public.visits in conflict", "1 row of public.bills");
      assertThat(night.visits()).contains("13 1 new of one").noneMatch(row -> row.contains(" 5 "));
      assertThat(night.list("select id from public.bills")).containsExactly("1");
    }
  }

  @Test
  void hostileNamesAreNamesAndNothingElse() {
    String table = "T \"Ü; drop table x; --' " + "\uD83D\uDE00".repeat(3);
    String quoted = new Identifier(table).toString();
    night.sql(
        "create schema \"Sche.ma\"",
        "create table \"Sche.ma\"."
            + quoted
            + " ("
            + quoted
            + " text primary key, \"select\" text)",
        "insert into \"Sche.ma\"." + quoted + " values ('a', 'b')");
    night.backup();
    night.sql(
        "insert into \"Sche.ma\"." + quoted + " values ('<script>', 'new'), ('\u202E', '\t')");
    night.cli().expect(0, "backup-restore", night.backup, "--yes");

    Cli.Result run =
        night.cli().expect(0, "reconcile-data", "latest", "--from", "replaced", "--yes");

    assertThat(run.err()).contains("Sche.ma." + table + ": add 2 rows");
    assertThat(night.list("select \"select\" from \"Sche.ma\"." + quoted + " order by 1"))
        .containsExactlyInAnyOrder("b", "new", "\t");
  }

  @Test
  void aRoleThatDoesNotOwnTheReplacedDatabaseIsToldWhoDoes() {
    night.sql("insert into public.patients (name) values ('in between')");
    night.rollBack();
    String role = "reconciler_" + ProcessHandle.current().pid();
    try (Database session = night.maintenance()) {
      session.execute("create role " + role + " login createdb in role pg_read_all_data");
      try {
        Cli.Result run =
            night
                .cli()
                .with("PGUSER", role)
                .expect(
                    12,
                    "reconcile-data",
                    "latest",
                    "--from",
                    night.replaced().get(0).name(),
                    "--yes");
        assertThat(run.err()).contains("may not open", "which belongs to postgres");
        assertThat(night.replaced()).noneMatch(Replaced::open);
      } finally {
        session.execute("drop role " + role);
      }
    }
  }

  @Test
  void oneThatSomebodyOpenedByHandStaysOpenAndIsOnlyRead() {
    night.sql("insert into public.patients (name) values ('in between')");
    String kept = night.rollBack();
    try (Database session = night.maintenance()) {
      session.execute("alter database " + new Identifier(kept) + " allow_connections true");
    }
    assertThat(night.cli().expect(0, "reconcile-data", "latest", "--from", kept, "--yes").out())
        .contains("somebody opened it by hand");
    assertThat(night.replaced()).allMatch(Replaced::open);
  }

  /** Its parent is not among the tables that were named, and has become somebody else. */
  @Test
  void aRowWhoseParentWasNotNamedNeverComesToHangOnAStranger() {
    night.sql(
        "insert into public.patients (name) values ('Ann')",
        "insert into public.visits (patient, what) values (6, 'of Ann'), (1, 'of one')");
    night.rollBack();
    night.sql("insert into public.patients (name) values ('Bob')");

    for (String policy : List.of("add-missing", "overwrite", "exact")) {
      Cli.Result run =
          night
              .cli()
              .expect(
                  policy.equals("add-missing") ? 0 : 10,
                  "reconcile-data",
                  "latest",
                  "--from",
                  "replaced",
                  "--table",
                  "public.visits",
                  "--policy",
                  policy,
                  "--yes");
      assertThat(run.out())
          .contains("1 row of public.visits in conflict", "1 table compared")
          .doesNotContain("everything in the replaced database is here");
    }
    assertThat(night.patients()).contains("6 Bob").hasSize(6);
    assertThat(night.visits()).contains("12 1 of one").noneMatch(visit -> visit.contains(" 6 "));
  }

  /** The table without a key asks no ancestor. */
  @Test
  void aRowWithoutAKeyNeverComesToHangOnAStranger() {
    night.sql("create table public.calls (patient integer references public.patients)");
    night.backup();
    night.sql(
        "insert into public.patients (name) values ('Ann')",
        "insert into public.calls values (6), (1)");
    night.rollBack();
    night.sql("insert into public.patients (name) values ('Bob')");

    Cli.Result run =
        night.cli().expect(0, "reconcile-data", "latest", "--from", "replaced", "--yes");

    assertThat(run.err())
        .contains("public.calls has no key: its rows are told apart by their values only");
    assertThat(night.list("select patient from public.calls")).containsExactly("1");
  }

  @Test
  void whatWasLeftOutIsNotSaidToBeHere() {
    night.sql(
        "insert into public.visits (patient, what) values (1, 'new')",
        "insert into public.log values ('new')");
    night.rollBack();

    assertThat(
            night
                .cli()
                .expect(
                    0,
                    "reconcile-data",
                    "latest",
                    "--from",
                    "replaced",
                    "--table",
                    "visits",
                    "--yes")
                .out())
        .contains("discard-replaced")
        .doesNotContain("everything in the replaced database is here");
    assertThat(
            night.cli().expect(0, "reconcile-data", "latest", "--from", "replaced", "--yes").out())
        .contains("everything in the replaced database is here");
  }

  @Test
  void largeObjectsThatWereWrittenRemain() {
    night.sql(
        "select lo_from_bytea(0, 'new')", "insert into public.log values ('with a large object')");
    night.rollBack();

    Cli.Result run =
        night.cli().expect(0, "reconcile-data", "latest", "--from", "replaced", "--yes");

    String left =
        "large objects, which are not merged: 1 in the replaced database, 0 in the backup";
    assertThat(run.err()).contains("stays behind: " + left);
    assertThat(run.out())
        .contains("remains: " + left)
        .doesNotContain("everything in the replaced database is here");
    night.cli().expect(10, "reconcile-data", "latest", "--from", "replaced", "--yes");
  }

  // ---------------------------------------------------------------- from an export

  @Test
  void removalsAreRefusedWhereTheExportHasOnlySomeRows() throws IOException {
    night.cli().expect(0, "export-data", "--where", "public.visits: id > 8");
    String export = exported().toString();

    assertThat(
            reconcile(2, "--export-path", export, "--policy", "three-way", "--removals", "--yes")
                .err())
        .contains("--removals", "public.visits");
    assertThat(night.visits()).hasSize(10);
    assertThat(night.scratches()).isEmpty();
  }

  @Test
  void bringsBackRowsOfAnExportThatTheBackupDoesNotHave() throws IOException {
    night.sql(
        "insert into public.patients (name) values ('exported')",
        "insert into public.visits (patient, what) values (6, 'exported')",
        "update public.patients set note = 'exported' where id = 2",
        "alter table public.patients add colour text default 'red'");
    night.cli().expect(0, "export-data");
    Path export = exported();
    night.rollBack();
    night.sql("delete from public.visits where id = 1");

    Cli.Result run = reconcile(0, "--export-path", export.toString(), "--yes");

    assertThat(run.err()).contains("load the export", "reconcile ", "with the export");
    assertThat(night.patients()).contains("6 exported", "2 patient 2");
    assertThat(night.visits()).contains("1 1 visit 1", "11 6 exported").hasSize(11);
    assertThat(run.out()).contains("--policy three-way");

    reconcile(0, "--export-path", export.toString(), "--policy", "three-way", "--yes");
    assertThat(night.patients()).contains("2 patient 2 exported");
    assertThat(night.scratches()).isEmpty();
    assertThat(reconcile(2, "--export-path", export.toString(), "--policy", "exact").err())
        .contains("exact");
  }

  @Test
  void aDamagedExportIsSaidBeforeAnythingIsWritten() throws IOException {
    night.cli().expect(0, "export-data");
    Path export = exported();
    night.sql("delete from public.visits where id = 1");
    Files.writeString(export, Files.readString(export).replace("patient 3", "patient X"));

    assertThat(reconcile(10, "--export-path", export.toString(), "--yes").err())
        .contains("state: the database was not changed");
    assertThat(
            reconcile(12, "--export-path", folder.resolve("none.json").toString(), "--yes").err())
        .contains("none.json");
    assertThat(night.visits()).hasSize(9);
    assertThat(night.scratches()).isEmpty();
  }

  private Path exported() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data_exports"))) {
      return files.filter(file -> file.toString().endsWith(".json")).findFirst().orElseThrow();
    }
  }

  private Cli.Result reconcile(int status, String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "reconcile-data";
    arguments[1] = night.backup;
    System.arraycopy(more, 0, arguments, 2, more.length);
    return night.cli().expect(status, arguments);
  }

  private String lastPage() {
    String name =
        files().stream()
            .filter(file -> file.endsWith(".html"))
            .max(String::compareTo)
            .orElseThrow();
    try {
      return Files.readString(folder.resolve("reconciliation_reports").resolve(name));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private List<String> files() {
    return files("reconciliation_reports");
  }

  private List<String> files(String name) {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
