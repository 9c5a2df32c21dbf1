package dev.belay.integrity;

import static dev.belay.integrity.CheckLab.TABLE;
import static dev.belay.integrity.CheckLab.quoted;
import static dev.belay.integrity.CheckLab.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys that are declared unique, with indexes that lie. */
class DuplicateKeyIT {
  private static final String ID = "duplicate-key";

  private final CheckLab lab = new CheckLab();

  @AfterEach
  void drop() {
    lab.close();
  }

  /** Rows that are written while the index looks away. */
  private void behindTheIndex(String where, String... statements) {
    lab.tamper(
        "update pg_catalog.pg_index set indisready = false, indisvalid = false where indrelid = '%s'::regclass"
            .formatted(where.replace("'", "''")));
    lab.run(statements);
    lab.tamper(
        "update pg_catalog.pg_index set indisready = true, indisvalid = true where indrelid = '%s'::regclass"
            .formatted(where.replace("'", "''")));
  }

  @Test
  void keysThatAreUniqueAreFine() {
    lab.run(
        "create table %s (\"K'\" int primary key, b text unique, c int, d int)"
            .formatted(table(TABLE)),
        "create unique index on %s (lower(b), c) where d > 0".formatted(table(TABLE)),
        "create unique index on %s (d desc) include (c)".formatted(table(TABLE)),
        "insert into %s values (1, 'a', 1, null), (2, null, 1, 5), (3, null, 1, 6), (4, 'A', 1, -1)"
            .formatted(table(TABLE)));

    assertThat(lab.findings(ID)).isEmpty();
  }

  @Test
  void duplicatesAreFoundThoughAnIndexScanWouldHideThem() {
    lab.run(
        "create table %s (\"K'\" int, v text, constraint %s primary key (\"K'\"))"
            .formatted(table(TABLE), quoted("p; key'")),
        "insert into %s select n, n::text from generate_series(1, 3000) n".formatted(table(TABLE)));
    behindTheIndex(
        table(TABLE),
        "insert into %s values (5, 'again'), (2000, 'again')".formatted(table(TABLE)));

    CheckResult fast = lab.result(ID, Pace.fast(1));
    CheckResult gentle = lab.result(ID, Pace.forBusy());

    assertThat(lab.psql(ID)).isEqualTo(1);
    assertThat(fast.findings().get(0).place()).containsEntry("index", "p; key'");
    assertThat(fast.count()).isEqualTo(4);
    assertThat(fast.findings().get(0).examples())
        .containsExactlyInAnyOrder("{\"f1\":5} x 2", "{\"f1\":2000} x 2");
    // By ranges of pages, each row is counted that is not the one which the index finds.
    assertThat(gentle.count()).isEqualTo(2);
    assertThat(gentle.findings().get(0).examples()).containsExactly("{\"k1\":5}", "{\"k1\":2000}");
  }

  @Test
  void duplicatesThatTheIndexKnowsAreFoundGentlyToo() {
    lab.run(
        "create table public.t (a int, b text)",
        "create index i on public.t (a)",
        "insert into public.t values (1, 'x'), (1, 'y'), (2, 'z')");
    lab.tamper(
        "update pg_catalog.pg_index set indisunique = true where indexrelid = 'public.i'::regclass");

    assertThat(lab.findings(ID)).hasSize(1);
    assertThat(lab.result(ID, Pace.forBusy()).count()).isEqualTo(2);
  }

  @Test
  void aRowThatItsIndexHasLostIsFoundByRangesOfPages() {
    lab.run("create table public.t (a int primary key)", "insert into public.t values (1)");
    behindTheIndex("public.t", "insert into public.t values (7)");

    assertThat(lab.result(ID, Pace.fast(1)).passed()).isTrue();
    assertThat(lab.result(ID, Pace.forBusy()).findings().get(0).examples())
        .containsExactly("{\"k1\":7}");
  }

  @Test
  void expressionsPredicatesCollationsAndNullsCountAsTheIndexSays() {
    lab.run(
        "create collation public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "create table public.t (a text, b int, c text)",
        "create unique index partial on public.t (lower(a)) where b > 0",
        "create unique index loosely on public.t (c collate public.loose)",
        "create table public.nulls (a int)",
        "create unique index together on public.nulls (a) nulls not distinct",
        "insert into public.t values ('x', 1, 'one'), ('X', -1, null), (null, 1, null)",
        "insert into public.nulls values (1), (null)");
    assertThat(lab.findings(ID)).isEmpty();

    behindTheIndex("public.t", "insert into public.t values ('X', 2, 'ONE')");
    behindTheIndex("public.nulls", "insert into public.nulls values (null)");

    List<Finding> findings = lab.findings(ID);
    assertThat(findings)
        .extracting(finding -> String.valueOf(finding.place().get("index")))
        .containsExactly("together", "loosely", "partial");
  }
}
