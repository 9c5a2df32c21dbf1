package dev.belay.rehearse;

import static dev.belay.rehearse.RehearseRig.migration;
import static dev.belay.rehearse.RehearseRig.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.postgres.Database;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.RehearsedUndos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a rehearsal did not see, or cannot tell apart, it never calls proven. */
class RehearsedTruthIT {
  private static final String PROVEN = "proven";

  @TempDir Path folder;
  private RehearseRig rig;

  @BeforeEach
  void migrate() {
    rig = new RehearseRig(folder);
    rig.write(
            "V1__initial.sql",
            "create table orders (id integer primary key, note text, seen integer not null default 0);"
                + " create table visits (at timestamptz);")
        .migrate()
        .sql("insert into public.orders select i, 'n' || i from generate_series(1, 50) i");
  }

  @AfterEach
  void close() {
    assertThat(RehearseRig.scratch()).isEmpty();
    rig.close();
  }

  private static String verdict(JsonNode report, String name) {
    return migration(report, name).get("verdict").asString();
  }

  private static String loses(JsonNode report, String way) {
    return report
        .get("waysBack")
        .valueStream()
        .filter(each -> each.get("way").asString().equals(way))
        .findFirst()
        .orElseThrow()
        .get("loses")
        .asString();
  }

  private List<String> remembered() {
    return new RehearsedUndos(folder.resolve("migration_monitoring"))
        .all().stream().map(RehearsedUndo::verdict).toList();
  }

  @Test
  void aRepeatableMigrationInTheSameTableHidesNoLoss() {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;")
        .write("V3__drop_note.sql", "alter table orders drop column note;")
        .write("U3__drop_note.sql", "alter table orders add column note text;")
        .write("R__seed.sql", "update orders set seen = seen + 1 where id = 1;");

    JsonNode report = rig.json(10, "rehearse");

    assertThat(verdict(report, "V3")).isEqualTo("loses-rows");
    assertThat(texts(migration(report, "V3").get("reasons")))
        .containsExactly("public.orders: 50 rows have other values");
    assertThat(verdict(report, "V2")).isEqualTo(PROVEN);
    assertThat(verdict(report, "R__")).isEqualTo("repeatable");
    assertThat(loses(report, "undo")).isEqualTo("50 rows or values");
  }

  @Test
  void aCallbackInTheSameTableHidesNoLossAndIsNoFaultOfTheUndo() {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;")
        .write("afterMigrate.sql", "update orders set seen = seen + 1 where id = 1;");

    assertThat(verdict(rig.json(0, "rehearse"), "V2")).isEqualTo(PROVEN);
    rig.write("V2__state.sql", "delete from orders where id > 40;")
        .write("U2__state.sql", "select 1;");
    assertThat(texts(migration(rig.json(10, "rehearse"), "V2").get("reasons")))
        .containsExactly("public.orders: 10 rows are gone");
  }

  @Test
  void everyUndoThatLosesRowsOfOneTableIsBlamed() {
    rig.write("V2__first.sql", "alter table orders add column first text;")
        .write("U2__first.sql", "alter table orders drop column first;")
        .write("V3__second.sql", "alter table orders add column second text;")
        .write("U3__second.sql", "alter table orders drop column second;")
        .write("V4__other.sql", "create table other (id integer);")
        .write("U4__other.sql", "drop table other;")
        .migrate()
        .sql("update public.orders set first = 'x' where id <= 7")
        .sql("update public.orders set second = 'y' where id <= 5");

    JsonNode report = rig.json(10, "rehearse", "--applied", "3");

    assertThat(verdict(report, "V2")).isEqualTo("loses-rows");
    assertThat(verdict(report, "V3")).isEqualTo("loses-rows");
    assertThat(migration(report, "V3").get("reasons").get(0).asString())
        .startsWith("public.orders: at most ");
    assertThat(verdict(report, "V4")).isEqualTo(PROVEN);
    assertThat(remembered()).containsExactlyInAnyOrder("loses-rows", "loses-rows", PROVEN);
  }

  @Test
  void whatCannotBeComparedIsNeitherProvenNorWithoutLoss() throws IOException {
    rig.write("V2__state.sql", "alter table orders add column state text default 'new';")
        .write("U2__state.sql", "alter table orders drop column state;")
        .migrate();
    Files.delete(folder.resolve("db/migration/V2__state.sql"));

    JsonNode report = rig.json(10, "rehearse", "--applied", "1");

    assertThat(verdict(report, "V2")).isEqualTo("not-rehearsed");
    assertThat(loses(report, "undo"))
        .isEqualTo(
            "not known; destroys the values of public.orders.state, which is dropped or converted");
    assertThat(remembered()).isEmpty();
  }

  @Test
  void withoutTheProofOfItsSchemaAnUndoIsNotProven() throws IOException {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;")
        .migrate();
    Files.delete(folder.resolve("db/migration/V1__initial.sql"));

    JsonNode report = rig.json(10, "rehearse", "--applied", "1");

    assertThat(verdict(report, "V2")).isEqualTo("not-rehearsed");
    assertThat(migration(report, "V2").get("reasons").get(0).asString())
        .startsWith("the schema after the undo was not compared: ");
  }

  @Test
  void theSchemaIsComparedAlsoWhereAnOlderOneHasNoUndo() {
    rig.write(
            "V2__state.sql",
            "alter table orders add column state text; create index s on orders (state);")
        .write(
            "U2__state.sql",
            "alter table orders drop column state; create index n on orders (note);")
        .migrate();

    JsonNode report = rig.json(10, "rehearse", "--applied", "2");

    assertThat(verdict(report, "V1")).isEqualTo("no-undo");
    assertThat(texts(migration(report, "V2").get("schemaDifferences")))
        .contains("after the undo index public.orders.n is still there");
  }

  @Test
  void whatTheBackupHasAndTheLiveDatabaseHasNotIsPendingAllTheSame() {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;")
        .migrate();
    rig.cli().expect(0, "create-backup");
    rig.sql(
        "alter table public.orders drop column state",
        "delete from public.flyway_schema_history where version = '2'");

    JsonNode report = rig.json(10, "rehearse", "--from-backup", "--target", "2");

    assertThat(verdict(report, "V2")).isEqualTo("not-rehearsed");
    assertThat(migration(report, "V2").get("reasons").get(0).asString())
        .startsWith("the copy has it already");
    assertThat(verdict(rig.json(0, "rehearse"), "V2")).isEqualTo(PROVEN);
  }

  @Test
  void ofABackupThatIsAheadAnOlderOneThatFitsIsTaken() throws IOException {
    rig.write("R__seen.sql", "create or replace view seen as select id from orders;").migrate();
    String before = backup();
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;")
        .migrate();
    String ahead = backup();
    rig.sql(
        "alter table public.orders drop column state",
        "delete from public.flyway_schema_history where version = '2'");
    rig.write("R__seen.sql", "create or replace view seen as select id, note from orders;");

    JsonNode report = rig.json(0, "rehearse", "--from-backup");

    assertThat(verdict(report, "V2")).isEqualTo(PROVEN);
    assertThat(report.get("origin").get("backup").asString()).isEqualTo(before);
    assertThat(texts(report.get("notes")))
        .anyMatch(
            note ->
                note.startsWith(
                        "the newest backup, %s, has V2__state.sql in force, which is pending in the live database: %s is taken, "
                            .formatted(ahead, before))
                    && note.endsWith(" old"));

    // So it is where no backup was asked for, and by its name each is taken as it is.
    try (Database application = rig.open()) {
      JsonNode busy = rig.json(0, "rehearse");
      assertThat(busy.get("origin").get("backup").asString()).isEqualTo(before);
      assertThat(application.number("select 1")).isOne();
    }
    JsonNode named = rig.json(10, "rehearse", "--from-backup", ahead);
    assertThat(verdict(named, "V2")).isEqualTo("not-rehearsed");
    // What was applied last to that one was taken back in the live database.
    JsonNode applied = rig.json(10, "rehearse", "--applied", "1", "--from-backup");
    assertThat(applied.get("origin").get("backup").asString()).isEqualTo(before);
    assertThat(verdict(applied, "V1")).isEqualTo("no-undo");
  }

  /** Makes one, and gives its id. */
  private String backup() {
    return rig.json(0, "create-backup").get("id").asString();
  }

  @Test
  void aRepeatableMigrationThatIsAnotherNowIsTriedToo() {
    rig.write("R__seen.sql", "create or replace view seen as select id from orders;").migrate();
    rig.write("R__seen.sql", "create or replace view seen as select id, note from orders;");

    assertThat(verdict(rig.json(0, "rehearse"), "R__seen")).isEqualTo("repeatable");
    rig.write("R__seen.sql", "create unique index seen_once on orders (seen);")
        .write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;");
    JsonNode report = rig.json(10, "rehearse");
    assertThat(verdict(report, "R__seen")).isEqualTo("failed");
    assertThat(verdict(report, "V2")).isEqualTo(PROVEN);
  }

  @Test
  void anUndoThatMustNotBeRunIsNotRunOnTheCopyEither() {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write(
            "U2__state.sql",
            "alter table orders drop column state; delete from flyway_schema_history where version = '2';")
        .migrate();

    JsonNode report = rig.json(10, "rehearse", "--applied", "1");

    assertThat(verdict(report, "V2")).isEqualTo("not-rehearsed");
    assertThat(migration(report, "V2").get("reasons").get(0).asString())
        .startsWith("its undo was not run: ");
    assertThat(migration(report, "V2").get("undo").isNull()).isTrue();
  }

  @Test
  void aProgramIsPendingThoughItIsNotRun() {
    rig.write("V2__program.sh", "exit 0");

    JsonNode report = rig.json(10, "rehearse");

    assertThat(verdict(report, "V2")).isEqualTo("not-rehearsed");
    assertThat(report.get("origin").isNull()).isTrue();
  }

  @Test
  void largeObjectsAreComparedToo() {
    rig.write("V2__gone.sql", "select lo_unlink(oid) from pg_largeobject_metadata;")
        .write("U2__gone.sql", "select 1;")
        .sql("select lo_from_bytea(0, 'image')", "select lo_from_bytea(0, 'another')");

    JsonNode report = rig.json(10, "rehearse");

    assertThat(texts(migration(report, "V2").get("reasons")))
        .containsExactly("large objects: at most 2 objects are gone");
  }

  @Test
  void largeObjectsAreReadAgainOnlyWhereTheyWereWritten() {
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;")
        .sql("select lo_from_bytea(4711, 'image')");

    // Before everything, and after the callbacks, of which nobody knows what they write.
    assertThat(rig.cli().expect(0, "rehearse").err().split("reading 1 large object", -1))
        .hasSize(3);
    for (String other :
        List.of("lo_put(4711, 0, 'other')", "lo_truncate(lo_open(4711, 131072), 0)")) {
      rig.write(
          "U2__state.sql", "alter table orders drop column state; select %s;".formatted(other));
      assertThat(texts(migration(rig.json(10, "rehearse"), "V2").get("reasons")))
          .containsExactly("large objects: at most 1 object has other content");
    }
    rig.write(
        "U2__state.sql",
        "alter table orders drop column state; select lo_unlink(4711); select lo_create(4711);");
    assertThat(verdict(rig.json(10, "rehearse"), "V2")).isEqualTo("loses-rows");
  }

  @Test
  void aBackupThatLiesElsewhereIsRehearsedByItsPath() throws IOException {
    rig.cli().expect(0, "create-backup");
    rig.write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;");
    Path elsewhere = Files.createDirectory(folder.resolve("stick"));
    Path moved;
    try (Stream<Path> backups = Files.list(folder.resolve("backups"))) {
      Path backup = backups.filter(Files::isDirectory).findFirst().orElseThrow();
      moved = Files.move(backup, elsewhere.resolve(backup.getFileName()));
    }

    JsonNode report = rig.json(0, "rehearse", "--from-backup", moved.toString());

    assertThat(report.get("files")).hasSize(2);
    assertThat(report.get("waysBack").valueStream().map(way -> way.get("command").asString()))
        .contains("belay backup-restore --set scratch.keep=0 " + moved);
  }

  @Test
  void aTableThatCouldNotBeProbedIsNotAmongTheProbedOnes() {
    rig.write("V2__bare.sql", "create table bare ();")
        .migrate()
        .write("V3__lock.sql", "lock table bare in access exclusive mode;")
        .write("U3__lock.sql", "select 1;");

    JsonNode report = rig.json(0, "rehearse", "--concurrent");

    assertThat(report.get("probed")).isEmpty();
    assertThat(texts(report.get("notes"))).contains("not probed: public.bare");
  }
}
