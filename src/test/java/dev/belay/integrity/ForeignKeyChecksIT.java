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

/** The checks of foreign keys, on databases that keep them and that do not. */
class ForeignKeyChecksIT {
  private static final String ORPHAN = "foreign-key-orphan";
  private static final String DISABLED = "foreign-key-trigger-disabled";

  private final CheckLab lab = new CheckLab();

  @AfterEach
  void drop() {
    lab.close();
  }

  private void parentAndChild() {
    lab.run(
        "create table %s (\"Id;\" bigint primary key)".formatted(table(LONG)),
        "insert into %s values (1), (2)".formatted(table(LONG)),
        "create table %s (\"the 'key\" int primary key, \"Fk\"\"\" int)".formatted(table(TABLE)),
        "insert into %s values (1, 1), (2, null)".formatted(table(TABLE)));
  }

  private void constraint(String more) {
    lab.run(
        "alter table %s add constraint %s foreign key (\"Fk\"\"\") references %s %s"
            .formatted(table(TABLE), quoted("c'; o"), table(LONG), more));
  }

  @Test
  void rowsThatReferToRowsOrToNothingAreFine() {
    parentAndChild();
    constraint("");

    assertThat(lab.findings(ORPHAN)).isEmpty();
    assertThat(lab.findings(DISABLED)).isEmpty();
  }

  @Test
  void orphansOfAConstraintThatWasNeverValidatedAreFound() {
    parentAndChild();
    lab.run("insert into %s values (3, 7)".formatted(table(TABLE)));
    constraint("not valid");

    List<Finding> findings = lab.findings(ORPHAN);

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).place())
        .containsEntry("schema", SCHEMA)
        .containsEntry("table", TABLE)
        .containsEntry("constraint", "c'; o")
        .containsEntry("refersTo", SCHEMA + "." + LONG);
    assertThat(findings.get(0).rows()).isEqualTo(1);
    assertThat(findings.get(0).examples()).containsExactly("{\"the 'key\":3,\"Fk\\\"\":7}");
  }

  @Test
  void orphansOfAConstraintThatPostgresqlBelievesAreFound() {
    parentAndChild();
    constraint("");
    lab.run(
        "set session_replication_role = replica",
        "delete from %s where \"Id;\" = 1".formatted(table(LONG)),
        "reset session_replication_role");

    assertThat(lab.findings(ORPHAN)).hasSize(1);
  }

  @Test
  void triggersThatAreOffAreFoundAndSoAreTheirOrphans() {
    parentAndChild();
    constraint("");
    lab.run(
        "alter table %s disable trigger all".formatted(table(TABLE)),
        "insert into %s values (4, 9)".formatted(table(TABLE)));

    assertThat(lab.findings(DISABLED)).hasSize(1);
    assertThat(lab.findings(DISABLED).get(0).place()).containsEntry("constraint", "c'; o");
    assertThat(lab.findings(ORPHAN)).hasSize(1);
  }

  @Test
  void matchFullTakesHalfAKeyForBrokenAndMatchSimpleDoesNot() {
    lab.run(
        "create table public.p (a int, b text, primary key (a, b))",
        "insert into public.p values (1, 'x')",
        "create table public.simple (a int, b text, foreign key (a, b) references public.p)",
        "create table public.\"full\" (a int, b text, foreign key (a, b) references public.p match full)",
        "insert into public.simple values (1, 'x'), (5, null), (null, 'y'), (null, null)",
        "insert into public.\"full\" values (1, 'x'), (null, null)");

    assertThat(lab.findings(ORPHAN)).isEmpty();

    lab.run(
        "set session_replication_role = replica",
        "insert into public.\"full\" values (1, null), (2, 'x')",
        "reset session_replication_role");

    List<Finding> findings = lab.findings(ORPHAN);
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).place()).containsEntry("table", "full");
    assertThat(findings.get(0).rows()).isEqualTo(2);
  }

  @Test
  void aTableMayReferToItselfAndToAUniqueKeyWithNulls() {
    lab.run(
        "create table public.tree (id int unique, up int references public.tree (id))",
        "insert into public.tree values (1, null), (null, null), (2, 1)");

    assertThat(lab.findings(ORPHAN)).isEmpty();

    lab.run(
        "set session_replication_role = replica",
        "insert into public.tree values (3, 99)",
        "reset session_replication_role");

    assertThat(lab.findings(ORPHAN)).hasSize(1);
  }

  @Test
  void partitionsOnBothSidesAreEachLookedAtOnce() {
    lab.run(
        "create table public.p (id int primary key) partition by range (id)",
        "create table public.p1 partition of public.p for values from (0) to (10)",
        "create table public.p2 partition of public.p for values from (10) to (20)",
        "create table public.c (n int, p int references public.p) partition by list (n)",
        "create table public.c1 partition of public.c for values in (1)",
        "create table public.c2 partition of public.c for values in (2) partition by list (n)",
        "create table public.c22 partition of public.c2 for values in (2)",
        "insert into public.p values (1), (11)",
        "insert into public.c values (1, 1), (1, 11), (2, 11)");

    assertThat(lab.findings(ORPHAN)).isEmpty();

    lab.run(
        "set session_replication_role = replica",
        "insert into public.c values (1, 5), (2, 12), (2, 13)",
        "reset session_replication_role");

    assertThat(lab.findings(ORPHAN))
        .extracting(finding -> finding.place().get("table") + " " + finding.rows())
        .containsExactly("c1 1", "c22 2");
  }

  @Test
  void keysOfOtherTypesAndCollationsAreComparedAsTheConstraintDoes() {
    lab.run(
        "create domain public.word as varchar(20)",
        "create collation public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "create table public.p (a bigint primary key, b text unique, c char(5) unique,"
            + " d text collate public.loose unique)",
        "insert into public.p values (1, 'one', 'abc', 'Word')",
        "create table public.c (a smallint references public.p (a), b public.word references public.p (b),"
            + " c char(3) references public.p (c), d text references public.p (d))",
        "insert into public.c values (1, 'one', 'abc', 'wORD')");

    assertThat(lab.findings(ORPHAN)).isEmpty();
  }

  @Test
  void thousandsOfOrphansAreCountedAndSomeShown() {
    parentAndChild();
    lab.run("insert into %s select n, n from generate_series(100, 5099) n".formatted(table(TABLE)));
    constraint("not valid");

    for (Pace pace : List.of(Pace.fast(2), Pace.forBusy())) {
      CheckResult result = lab.result(ORPHAN, pace);

      assertThat(result.count()).isEqualTo(5000);
      assertThat(result.findings().get(0).examples()).hasSize(10);
    }
  }

  @Test
  void textThatXmlCannotHaveIsShown() {
    lab.run(
        "create table public.p (t text primary key)",
        "create table public.c (t text references public.p)",
        "set session_replication_role = replica",
        "insert into public.c values (E'\\x01<&>\\uFFFF\"')",
        "reset session_replication_role");

    assertThat(lab.findings(ORPHAN).get(0).examples())
        .containsExactly("{\"t\":\"\\u0001<&>\uFFFF\\\"\"}");
  }
}
