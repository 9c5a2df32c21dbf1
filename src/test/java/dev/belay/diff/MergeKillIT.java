package dev.belay.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merges in a process that is killed, and begun again; and in one that has little memory. */
@Timeout(300)
class MergeKillIT {
  private static final int KILLED = 137;

  @TempDir Path folder;
  private final MergeLab lab = new MergeLab();

  @AfterEach
  void drop() {
    lab.close();
  }

  private ChildJvm.Result run(String failPoint, Policy policy, int batchRows) {
    return ChildJvm.run(
        failPoint,
        MergeProgram.class,
        folder,
        Map.of("JAVA_TOOL_OPTIONS", "-Xmx42m"),
        MergeProgram.arguments(lab.databases.source, lab.databases.target, policy, batchRows));
  }

  private void rows() {
    lab.everywhere(
        "create table public.\"Ä child\" (id int primary key, parent int not null)",
        "create table public.parent (id serial primary key, v text)",
        "alter table public.\"Ä child\" add foreign key (parent) references public.parent",
        "create table public.heap (a int, b text)",
        "create table public.tree (id int primary key, up int references public.tree)");
    lab.source(
        "insert into public.parent select i, 'v' || i from generate_series(1, 40) i",
        "insert into public.\"Ä child\" select i, i from generate_series(1, 40) i",
        "insert into public.heap select i % 7, 'same' from generate_series(1, 50) i",
        "insert into public.tree select i, nullif(i - 1, 0) from generate_series(1, 20) i");
    lab.target(
        "insert into public.parent select i, 'old' from generate_series(31, 60) i",
        "insert into public.\"Ä child\" select i, i from generate_series(36, 60) i",
        "insert into public.heap select i % 3, 'same' from generate_series(1, 50) i",
        "insert into public.tree select i, nullif(i - 1, 9) from generate_series(10, 30) i");
  }

  private static final List<String> TABLES =
      List.of("public.parent", "public.\"Ä child\"", "public.heap", "public.tree");

  private void assertEqual() {
    for (String table : TABLES) {
      assertThat(lab.held(table)).isEqualTo(MergeLab.rows(lab.databases.source, table));
    }
  }

  @ParameterizedTest
  @CsvSource({"merge-batch-begin", "merge-batch-written", "merge-batch-committed"})
  void aMergeInBatchesThatIsKilledGoesOnWithoutDoublingOrLosingARow(String point) {
    rows();
    List<String> before = lab.held("public.heap");

    for (int kill = 1; kill <= 3; kill++) {
      assertThat(run(point, Policy.EXACT, 7).status()).isEqualTo(KILLED);
      if (!point.equals("merge-batch-committed")) {
        assertThat(lab.held("public.heap")).isEqualTo(before);
      }
    }
    ChildJvm.Result last = run("", Policy.EXACT, 7);

    assertThat(last.status()).as(last.output()).isZero();
    assertThat(last.output()).contains("skipped 0");
    assertEqual();
    assertThat(run("", Policy.EXACT, 7).output()).contains("added 0 changed 0 removed 0");
    assertThat(lab.text("select nextval('public.parent_id_seq')")).isEqualTo("41");
  }

  @Test
  void aMergeInOneTransactionIsDoneWhollyOrNotAtAll() {
    rows();
    List<List<String>> before = TABLES.stream().map(lab::held).toList();

    assertThat(run("merge-written", Policy.EXACT, 0).status()).isEqualTo(KILLED);
    assertThat(TABLES.stream().map(lab::held).toList()).isEqualTo(before);
    assertThat(run("merge-committed", Policy.EXACT, 0).status()).isEqualTo(KILLED);
    assertEqual();
  }

  @ParameterizedTest
  @CsvSource({"0", "20000"})
  void rowsThatDifferAndDoNotFitIntoTheMemoryPass(int batchRows) {
    lab.everywhere("create table public.t (id int primary key, v text, w text)");
    lab.source(
        "insert into public.t select i, md5(i::text), repeat('x', 40) from generate_series(1, 300000) i");
    lab.target(
        "insert into public.t select i, 'old', repeat('x', 40) from generate_series(200001, 333333) i");

    ChildJvm.Result result = run("", Policy.EXACT, batchRows);

    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).contains("added 200000 changed 100000 removed 33333 skipped 0");
    assertThat(
            lab.text(
                "select count(*) || ' ' || count(*) filter (where v = md5(id::text)) from public.t"))
        .isEqualTo("300000 300000");
  }
}
