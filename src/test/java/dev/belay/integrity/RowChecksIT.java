package dev.belay.integrity;

import static dev.belay.integrity.CheckLab.LONG;
import static dev.belay.integrity.CheckLab.SCHEMA;
import static dev.belay.integrity.CheckLab.TABLE;
import static dev.belay.integrity.CheckLab.quoted;
import static dev.belay.integrity.CheckLab.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks of single rows: check constraints, not null, domains. */
class RowChecksIT {
  private static final String CHECK = "check-violated";
  private static final String NOT_NULL = "not-null-violated";
  private static final String DOMAIN = "domain-violated";

  private final CheckLab lab = new CheckLab();

  @AfterEach
  void drop() {
    lab.close();
  }

  @Test
  void rowsThatKeepTheirChecksAreFineAndSoAreNulls() {
    lab.run(
        "create table %s (%s int check (%s > 0), \"w\" text, check (%s.* is distinct from null))"
            .formatted(table(TABLE), quoted(LONG), quoted(LONG), quoted(TABLE)),
        "insert into %s values (1, ';'), (null, null)".formatted(table(TABLE)));

    assertThat(lab.findings(CHECK)).isEmpty();
  }

  @Test
  void rowsThatBreakACheckAreFoundWhetherItWasValidatedOrNot() {
    lab.run(
        "create table %s (\"K k\" int primary key, \"v;\" int)".formatted(table(TABLE)),
        "insert into %s values (1, 1), (2, -2), (3, null)".formatted(table(TABLE)),
        "alter table %s add constraint \"it's\" check (\"v;\" > 0) not valid"
            .formatted(table(TABLE)));

    assertThat(lab.findings(CHECK).get(0).place())
        .containsEntry("schema", SCHEMA)
        .containsEntry("table", TABLE)
        .containsEntry("constraint", "it's");
    assertThat(lab.findings(CHECK).get(0).examples()).containsExactly("{\"K k\":2}");

    lab.tamper("update pg_catalog.pg_constraint set convalidated = true where conname = 'it''s'");

    assertThat(lab.findings(CHECK)).hasSize(1);
  }

  @Test
  void aCheckThatCannotBeEvaluatedIsNeverTakenForPassed() {
    lab.run(
        "create table public.t (a int)",
        "insert into public.t values (0)",
        "alter table public.t add constraint c check (1 / a > 0) not valid",
        "create table public.u (a int check (a > 0))");

    CheckResult result = lab.result(CHECK, Pace.fast(1));

    assertThat(result.passed()).isFalse();
    assertThat(result.findingCount()).isZero();
    assertThat(result.unchecked()).hasSize(1);
    assertThat(result.unchecked().get(0).what()).isEqualTo("table public.t");
    assertThat(result.unchecked().get(0).reason()).contains("division by zero");
  }

  @Test
  void valuesThatAreThereAreFine() {
    lab.run(
        "create type public.pair as (a int, b int)",
        "create table %s (%s int not null, p public.pair not null)"
            .formatted(table(TABLE), quoted(LONG)),
        "insert into %s values (0, row(null, null))".formatted(table(TABLE)));

    assertThat(lab.findings(NOT_NULL)).isEmpty();
  }

  @Test
  void missingValuesAreFoundPerColumn() {
    lab.run(
        "create table %s (id int primary key, %s text, \"b'\" int, free int)"
            .formatted(table(TABLE), quoted(LONG)),
        "insert into %s values (1, 'x', 1), (2, null, null), (3, 'y', null)"
            .formatted(table(TABLE)));
    lab.tamper(
        "update pg_catalog.pg_attribute set attnotnull = true where attname in ('%s', 'b''')"
            .formatted(LONG));

    List<Finding> findings = lab.findings(NOT_NULL);

    assertThat(findings)
        .extracting(finding -> finding.place().get("column") + " " + finding.rows())
        .containsExactly(LONG + " 1", "b' 2");
    assertThat(findings.get(1).examples()).containsExactly("{\"id\":2}", "{\"id\":3}");
  }

  @Test
  void aTableOfHundredsOfColumnsIsNotTooWide() {
    StringBuilder columns = new StringBuilder("c0 int not null");
    StringBuilder values = new StringBuilder("0");
    for (int number = 1; number < 230; number++) {
      columns.append(", c").append(number).append(" int not null");
      values.append(", 0");
    }
    lab.run(
        "create table public.wide (" + columns + ")",
        "insert into public.wide values (" + values + ")");
    assertThat(lab.findings(NOT_NULL)).isEmpty();

    lab.run(
        "alter table public.wide alter c229 drop not null", "update public.wide set c229 = null");
    lab.tamper("update pg_catalog.pg_attribute set attnotnull = true where attname = 'c229'");

    assertThat(lab.findings(NOT_NULL).get(0).place()).containsEntry("column", "c229");
  }

  @Test
  void valuesThatTheirDomainsAllowAreFine() {
    lab.run(
        "create domain %s as int check (value > 0)".formatted(table("d'; ö")),
        "create domain public.small as %s constraint \"it's\" check (value < 100)"
            .formatted(table("d'; ö")),
        "create domain public.code as char(5) not null check (length(value) = 3)",
        "create type public.both as (a public.small, b public.small[])",
        "create table %s (id int primary key, a public.small, b public.small[], c public.both, d public.both[],"
                .formatted(table(TABLE))
            + " e public.code)",
        "insert into %s values (1, 1, '{1,2}', '(1,\"{1,2}\")', array['(1,\"{1,2}\")'::public.both], 'abc'),"
                .formatted(table(TABLE))
            + " (2, null, null, null, null, 'def')");

    assertThat(lab.findings(DOMAIN)).isEmpty();
  }

  @Test
  void valuesThatADomainDoesNotAllowAreFoundWhereverTheyAreNested() {
    lab.run(
        "create domain public.loose as int",
        "create type public.both as (\"a;\" public.loose, b public.loose[])",
        "create table %s (id int primary key, a public.loose, b public.loose[], c public.both, d public.both[])"
            .formatted(table(TABLE)),
        "insert into %s values (1, -1, '{1,-2,-3}', '(-4,\"{1}\")', array['(1,\"{5,-6}\")'::public.both])"
            .formatted(table(TABLE)),
        "insert into %s values (2, 1, '{1}', '(1,\"{1}\")', null)".formatted(table(TABLE)),
        "alter domain public.loose add constraint \"it's\" check (value > 0 and 'VALUE' = 'VALUE') not valid");

    List<Finding> findings = lab.findings(DOMAIN);

    assertThat(findings)
        .extracting(finding -> finding.place().get("column") + " " + finding.rows())
        .containsExactly("a 1", "b[] 2", "c.a; 1", "d[].b[] 1");
    assertThat(findings.get(0).place())
        .containsEntry("domain", "public.loose")
        .containsEntry("constraint", "it's");
  }

  @Test
  void valuesThatADomainDoesNotAllowToBeMissingAreFound() {
    lab.run(
        "create domain public.there as int",
        "create table public.t (a public.there)",
        "insert into public.t values (null), (1)");
    lab.tamper("update pg_catalog.pg_type set typnotnull = true where typname = 'there'");

    assertThat(lab.findings(DOMAIN).get(0).place()).containsEntry("constraint", "not null");
  }

  @Test
  void aCompositeThatIsNotThereBreaksNoConditionOfItsFields() {
    lab.run(
        "create domain public.must as int not null constraint \"it's\" check (value is not null)",
        "create type public.one as (a public.must, b int)",
        "create table public.t (id int primary key, c public.one, d public.one[])",
        "insert into public.t values (1, null, null), (2, null, array[null, '(1,2)']::public.one[])");

    assertThat(lab.findings(DOMAIN)).isEmpty();
  }

  @Test
  void aFieldThatIsMissingInACompositeThatIsThereIsFound() {
    lab.run(
        "create domain public.there as int",
        "create type public.one as (a public.there, b int)",
        "create table public.t (id int primary key, c public.one, d public.one[])",
        "insert into public.t values (1, '(,)', array[null, '(,)', '(1,)']::public.one[])");
    lab.tamper("update pg_catalog.pg_type set typnotnull = true where typname = 'there'");

    assertThat(lab.findings(DOMAIN))
        .extracting(finding -> finding.place().get("column") + " " + finding.rows())
        .containsExactly("c.a 1", "d[].a 1");
  }

  @Test
  void aDomainOverADomainWithAConditionThatIsBrokenIsReadAllTheSame() {
    lab.run(
        "create domain public.below as int",
        "create domain public.above as public.below constraint upper check (value < 100)",
        "create table public.t (id int primary key, a public.above)",
        "insert into public.t values (1, -1), (2, 5)",
        "alter domain public.below add constraint lower check (value > 0) not valid");

    assertThat(lab.findings(DOMAIN))
        .extracting(finding -> finding.place().get("constraint") + " " + finding.rows())
        .containsExactly("lower 1");
  }

  @Test
  void aPlannerThatTrustsConstraintsIsNotAsked() {
    lab.run(
        "create table public.t (id int primary key, v int)",
        "insert into public.t values (1, -1)",
        "alter table public.t add constraint c check (v > 0) not valid",
        "do $$ begin execute format('alter database %I set constraint_exclusion = on', current_database()); end $$");
    lab.tamper("update pg_catalog.pg_constraint set convalidated = true where conname = 'c'");

    assertThat(lab.result(CHECK, Pace.fast(1)).findingCount()).isEqualTo(1);
  }
}
