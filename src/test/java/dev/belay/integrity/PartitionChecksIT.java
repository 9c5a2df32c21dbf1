package dev.belay.integrity;

import static dev.belay.integrity.CheckLab.SCHEMA;
import static dev.belay.integrity.CheckLab.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Partitions that hold what is theirs, and that do not. */
class PartitionChecksIT {
  private static final String OUTSIDE = "partition-row-outside";
  private static final String OVERLAPPING = "partition-overlapping";
  private static final String PENDING = "partition-detach-pending";

  private final CheckLab lab = new CheckLab();

  @AfterEach
  void drop() {
    lab.close();
  }

  private void partitions() {
    lab.run(
        "create table %s (\"a;\" int, b text) partition by range (\"a;\", b)"
            .formatted(table("R'")),
        "create table %s partition of %s for values from (minvalue, minvalue) to (1, 'a')"
            .formatted(table("r 0"), table("R'")),
        "create table %s partition of %s for values from (1, 'a') to (5, ') TO (')"
            .formatted(table("r 1"), table("R'")),
        "create table %s partition of %s for values from (6, minvalue) to (9, 'z')"
            .formatted(table("r 2"), table("R'")),
        "create table %s partition of %s default".formatted(table("r d"), table("R'")),
        "insert into %s values (0, 'x'), (1, 'b'), (7, 'c'), (100, 'd'), (null, null)"
            .formatted(table("R'")),
        "create table public.l (k date, n int) partition by list (k)",
        "create table public.l1 partition of public.l for values in ('2024-01-01', null)",
        "create table public.l2 partition of public.l for values in ('2024-01-02', '2024-01-03')",
        "insert into public.l values (null, 1), ('2024-01-03', 2)",
        "create table public.h (k int) partition by hash (k)",
        "create table public.h0 partition of public.h for values with (modulus 2, remainder 0)",
        "create table public.h1 partition of public.h for values with (modulus 2, remainder 1)",
        "insert into public.h select generate_series(1, 20)");
  }

  @Test
  void rowsThatLieWhereTheyBelongAreFine() {
    partitions();

    assertThat(lab.findings(OUTSIDE)).isEmpty();
    assertThat(lab.findings(OVERLAPPING)).isEmpty();
    assertThat(lab.findings(PENDING)).isEmpty();
  }

  /** PostgreSQL does not look at the rows when a valid check constraint says that all is well. */
  @Test
  void rowsOfATableThatWasAttachedByAConstraintThatLiedAreFound() {
    lab.run(
        "create table public.p (k int, v text) partition by list (k)",
        "create table %s (k int, v text)".formatted(table("new; part'")),
        "insert into %s values (1, 'right'), (2, 'wrong'), (3, 'wrong')"
            .formatted(table("new; part'")),
        "alter table %s add constraint lie check (k is not null and k = 1) not valid"
            .formatted(table("new; part'")));
    lab.tamper("update pg_catalog.pg_constraint set convalidated = true where conname = 'lie'");
    lab.run(
        "alter table public.p attach partition %s for values in (1)"
            .formatted(table("new; part'")));

    List<Finding> findings = lab.findings(OUTSIDE);

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).place())
        .containsEntry("schema", SCHEMA)
        .containsEntry("table", "new; part'")
        .containsEntry("bounds", "FOR VALUES IN (1)");
    assertThat(findings.get(0).rows()).isEqualTo(2);
  }

  @Test
  void partitionsWithBoundsThatOverlapAreFound() {
    partitions();
    lab.run(
        "create table public.l3 partition of public.l for values in ('2024-02-01')",
        "create table public.twin (k date) partition by list (k)",
        "create table public.t1 partition of public.twin for values in ('2024-01-02', '2024-02-01')");
    lab.tamper(
        "update pg_catalog.pg_class set relpartbound ="
            + " (select relpartbound from pg_catalog.pg_class where relname = 't1') where relname = 'l3'",
        "update pg_catalog.pg_class set relpartbound ="
            + " (select relpartbound from pg_catalog.pg_class where relname = 'r 0') where relname = 'r 1'");

    assertThat(lab.findings(OVERLAPPING))
        .extracting(
            finding -> finding.place().get("table") + " / " + finding.place().get("overlaps"))
        .containsExactly("r 0 / " + SCHEMA + ".r 1", "l2 / public.l3");
  }

  @Test
  void aDetachingThatWasNotFinishedIsFound() {
    partitions();
    lab.tamper(
        "update pg_catalog.pg_inherits set inhdetachpending = true where inhrelid = 'public.l2'::regclass");

    assertThat(lab.findings(PENDING).get(0).place())
        .containsEntry("table", "l2")
        .containsEntry("partitionOf", "public.l");
  }
}
