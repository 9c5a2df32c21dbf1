package dev.belay.integrity;

import static dev.belay.integrity.CheckLab.LONG;
import static dev.belay.integrity.CheckLab.SCHEMA;
import static dev.belay.integrity.CheckLab.TABLE;
import static dev.belay.integrity.CheckLab.quoted;
import static dev.belay.integrity.CheckLab.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.support.Quiet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks of indexes, constraints, views, large objects and collations. */
class StructureChecksIT {
  private final CheckLab lab = new CheckLab();

  @AfterEach
  void drop() {
    lab.close();
  }

  private void indexed() {
    lab.run(
        "create table %s (id int, v int, constraint %s primary key (id), unique (v))"
            .formatted(table(TABLE), quoted(LONG)),
        "create table public.child (id int references %s)".formatted(table(TABLE)));
  }

  @Test
  void indexesThatAreValidAreFine() {
    indexed();

    assertThat(lab.findings("index-invalid")).isEmpty();
    assertThat(lab.findings("constraint-index-missing")).isEmpty();
    assertThat(lab.findings("constraint-not-validated")).isEmpty();
  }

  @Test
  void indexesThatAreNotValidAreFoundWithTheConstraintsThatNeedThem() {
    indexed();
    lab.tamper(
        "update pg_catalog.pg_index set indisvalid = false where indrelid = '%s'::regclass and indisprimary"
            .formatted(table(TABLE).replace("'", "''")));

    assertThat(lab.findings("index-invalid").get(0).place())
        .containsEntry("schema", SCHEMA)
        .containsEntry("table", TABLE)
        .containsEntry("index", LONG)
        .containsEntry("state", "not valid");
    assertThat(lab.findings("constraint-index-missing"))
        .extracting(finding -> finding.place().get("table"))
        .containsExactlyInAnyOrder(TABLE, "child");
  }

  @Test
  void constraintsWhoseIndexIsGoneOrNotUniqueAreFound() {
    indexed();
    lab.tamper(
        "update pg_catalog.pg_constraint set conindid = 0 where contype = 'u'",
        "update pg_catalog.pg_index set indisunique = false where indisprimary and indrelid = '%s'::regclass"
            .formatted(table(TABLE).replace("'", "''")));

    assertThat(lab.findings("constraint-index-missing"))
        .extracting(finding -> String.valueOf(finding.place().get("index")))
        .containsExactlyInAnyOrder(
            "there is none", "it is not unique", "that of the table referred to is not unique");
  }

  @Test
  void constraintsThatWereNeverValidatedAreFoundAndAreAWarning() {
    lab.run(
        "create table %s (a int)".formatted(table(TABLE)),
        "alter table %s add constraint \"c;'\" check (a > 0) not valid".formatted(table(TABLE)),
        "create domain public.d as int",
        "alter domain public.d add constraint e check (value > 0) not valid");

    assertThat(lab.findings("constraint-not-validated"))
        .extracting(finding -> String.valueOf(finding.place().get("constraint")))
        .containsExactlyInAnyOrder("c;'", "e");
    assertThat(CheckLab.check("constraint-not-validated").severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void viewsThatCanBeQueriedAreFine() {
    lab.run(
        "create table public.t (a int)",
        "create view %s as select a, 1 / a as b from public.t".formatted(table(TABLE)),
        "create materialized view public.filled as select a from public.t");

    assertThat(lab.findings("view-broken")).isEmpty();
  }

  @Test
  void viewsWhoseOwnerMayNotReadAndThoseNeverFilledAreFound() {
    lab.run(
        "drop role if exists integrity_viewer",
        "create role integrity_viewer",
        "create table public.t (a int)",
        "create view %s as select a from public.t".formatted(table(TABLE)),
        "alter view %s owner to integrity_viewer".formatted(table(TABLE)),
        "create materialized view public.unfilled as select a from public.t with no data");
    try {
      assertThat(lab.findings("view-broken"))
          .extracting(finding -> String.valueOf(finding.place().get("problem")))
          .containsExactlyInAnyOrder(
              "its owner integrity_viewer may not read public.t",
              "it was never filled: refresh materialized view");
    } finally {
      lab.run("drop owned by integrity_viewer", "drop role integrity_viewer");
    }
  }

  /** In psql the server's own error ends the file, which is no pass either. */
  @Test
  void aViewWhoseDefinitionFailsIsAFindingWithTheServersWords() {
    lab.run(
        "create function public.f() returns int language sql stable as 'select 1'",
        "create view public.fine as select 1 as a",
        "create view %s as select public.f() as a".formatted(table(TABLE)));
    lab.tamper(
        "update pg_catalog.pg_proc set prosrc = 'select gone from nowhere' where proname = 'f'");

    CheckResult result = lab.result("view-broken", Pace.fast(1));

    assertThat(result.unchecked()).isEmpty();
    assertThat(result.findings()).hasSize(1);
    assertThat(result.findings().get(0).place()).containsEntry("view", TABLE);
    assertThat(result.findings().get(0).place().get("problem"))
        .contains("\"nowhere\" does not exist");
    assertThat(lab.inPsql(CheckLab.check("view-broken").sql()).status()).isNotZero();
  }

  @Test
  void largeObjectsThatAreOwnedAndReferredToAreFine() {
    lab.run(
        "create table %s (%s oid)".formatted(table(TABLE), quoted(LONG)),
        "insert into %s select lo_from_bytea(0, 'x')".formatted(table(TABLE)));

    assertThat(lab.findings("large-object-without-owner")).isEmpty();
    assertThat(lab.findings("large-object-unreferenced")).isEmpty();
  }

  @Test
  void largeObjectsThatNobodyOwnsOrRefersToAreFound() {
    lab.run(
        "create table %s (%s oid)".formatted(table(TABLE), quoted(LONG)),
        "select lo_from_bytea(4711, 'x')",
        "select lo_from_bytea(4712, 'y')");
    lab.tamper(
        "update pg_catalog.pg_largeobject_metadata set lomowner = 4000000000 where oid = 4711",
        "delete from pg_catalog.pg_largeobject_metadata where oid = 4712");

    assertThat(lab.findings("large-object-without-owner"))
        .extracting(finding -> finding.place().get("object") + " " + finding.place().get("problem"))
        .containsExactly(
            "4711 no role has the number 4000000000", "4712 it has pages and is not there");
    assertThat(lab.findings("large-object-unreferenced").get(0).examples()).containsExactly("4711");
  }

  @Test
  void collationsOfTheVersionOfTheirIndexesAreFine() {
    lab.run("create table public.t (a text collate \"de-x-icu\" primary key)");

    assertThat(lab.findings("collation-version")).isEmpty();
  }

  @Test
  void collationsThatChangedSinceTheirIndexesWereMadeAreFound() {
    lab.run(
        "create collation %s (provider = icu, locale = 'de')".formatted(table("coll;'")),
        "create table public.t (a text collate %s primary key)".formatted(table("coll;'")));
    lab.tamper(
        "update pg_catalog.pg_collation set collversion = '1.2.3' where collname in ('coll;''', 'fr-x-icu')");

    assertThat(lab.findings("collation-version"))
        .extracting(
            finding -> finding.place().get("collation") + " " + finding.place().get("versionThen"))
        .contains(SCHEMA + ".coll;' 1.2.3")
        .noneMatch(text -> text.contains("fr-x-icu"));
  }

  @Test
  void aWorkerWithoutASessionLeavesTheChecksToTheOthersAndBlamesNoView() {
    lab.run("create table public.t (a int)", "create view public.v as select a from public.t");
    AtomicInteger asked = new AtomicInteger();
    Supplier<Database> full =
        () -> {
          throw Failure.unavailable("too many clients already", "wait")
              .causedBy(new SQLException("too many clients already", "53300"));
        };
    Supplier<Database> once = () -> asked.incrementAndGet() == 1 ? lab.lab.worker() : full.get();
    List<Check> checks = List.of(CheckLab.check("view-broken"), CheckLab.check("index-invalid"));

    for (CheckResult result : checking(once).run(checks)) {
      assertThat(result.unchecked()).isEmpty();
      assertThat(result.findings()).isEmpty();
    }
    for (CheckResult result : checking(full).run(checks)) {
      assertThat(result.unchecked()).isNotEmpty();
      assertThat(result.findings()).isEmpty();
    }
  }

  private Checking checking(Supplier<Database> sessions) {
    return new Checking(sessions, Pace.fast(2), Duration.ofSeconds(1), 10, Quiet.progress())
        .lookingAt(lab.lab.session(), CheckScope.WHOLE);
  }
}
