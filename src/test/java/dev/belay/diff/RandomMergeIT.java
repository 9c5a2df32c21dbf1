package dev.belay.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for any schema and any rows. */
@Timeout(180)
class RandomMergeIT {
  private final MergeLab lab = new MergeLab();

  @AfterEach
  void drop() {
    lab.close();
  }

  private RandomSchema make(long seed, boolean unique) {
    RandomSchema schema = new RandomSchema(new Random(seed), unique);
    lab.everywhere(schema.tables().toArray(String[]::new));
    lab.source(schema.rows().toArray(String[]::new));
    lab.target(schema.rows().toArray(String[]::new));
    TwoDatabases.run(lab.databases.base, schema.rows().toArray(String[]::new));
    lab.everywhere(schema.constraints().toArray(String[]::new));
    return schema;
  }

  private void assertEqual(RandomSchema schema) {
    for (String table : schema.names()) {
      assertThat(lab.held(table)).as(table).isEqualTo(MergeLab.rows(lab.databases.source, table));
    }
  }

  private static void assertDoneAsPlanned(MergeOutcome outcome) {
    assertThat(outcome.added()).isEqualTo(outcome.plan().sum(TableMerge::add));
    assertThat(outcome.changed()).isEqualTo(outcome.plan().sum(TableMerge::change));
    assertThat(outcome.removed()).isEqualTo(outcome.plan().sum(TableMerge::remove));
    assertThat(outcome.skipped()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void anExactMergeMakesBothSidesEqual(long seed) {
    RandomSchema schema = make(seed, true);
    MergePlan dry = lab.plan(Policy.EXACT);

    MergeOutcome outcome = lab.merge(Policy.EXACT);

    assertThat(outcome.plan()).isEqualTo(dry);
    assertThat(dry.cascades()).isEmpty();
    assertThat(dry.sum(TableMerge::touched)).isPositive();
    assertDoneAsPlanned(outcome);
    assertEqual(schema);
    assertThat(lab.plan(Policy.EXACT).empty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void anExactMergeInBatchesMakesBothSidesEqual(long seed) {
    RandomSchema schema = make(seed, false);

    MergeOutcome outcome = lab.batches(1 + (int) (seed % 9)).merge(Policy.EXACT);

    assertDoneAsPlanned(outcome);
    assertEqual(schema);
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43, 44, 45, 46})
  void addMissingLosesNothingOfTheTarget(long seed) {
    RandomSchema schema = make(seed, false);
    Map<String, List<String>> before = new HashMap<>();
    schema.names().forEach(table -> before.put(table, lab.held(table)));

    MergeOutcome outcome = lab.merge(Policy.ADD_MISSING);

    assertDoneAsPlanned(outcome);
    long more = 0;
    for (String table : schema.names()) {
      List<String> after = new ArrayList<>(lab.held(table));
      for (String row : before.getOrDefault(table, List.of())) {
        assertThat(after.remove(row)).as(table + " lost " + row).isTrue();
      }
      assertThat(MergeLab.rows(lab.databases.source, table)).containsAll(new HashSet<>(after));
      more += after.size();
    }
    assertThat(more).isEqualTo(outcome.added());
  }

  @ParameterizedTest
  @ValueSource(longs = {61, 62, 63, 64})
  void overwriteLeavesOnlyWhatTheSourceLacks(long seed) {
    RandomSchema schema = make(seed, false);
    Map<String, List<String>> before = new HashMap<>();
    schema.names().forEach(table -> before.put(table, lab.held(table)));

    assertDoneAsPlanned(lab.merge(Policy.OVERWRITE));

    for (String table : schema.names()) {
      Set<String> source = new HashSet<>(MergeLab.rows(lab.databases.source, table));
      Set<String> after = new HashSet<>(lab.held(table));
      assertThat(after).as(table).containsAll(source);
      after.removeAll(source);
      assertThat(before.getOrDefault(table, List.of())).as(table).containsAll(after);
    }
  }

  /** Nothing that the target wrote is lost, and whatever hangs together stays so. */
  @ParameterizedTest
  @ValueSource(longs = {81, 82, 83, 84, 85, 86})
  void aThreeWayMergeKeepsWhatTheTargetWrote(long seed) {
    RandomSchema schema = make(seed, false);
    Map<String, List<String>> before = new HashMap<>();
    schema.names().forEach(table -> before.put(table, lab.held(table)));

    MergeOutcome outcome = lab.withBase(true).merge(Policy.THREE_WAY);

    assertDoneAsPlanned(outcome);
    assertThat(outcome.plan().cascades()).isEmpty();
    assertThat(outcome.plan().sum(TableMerge::conflicts)).isPositive();
    for (String table : schema.names()) {
      List<String> own = new ArrayList<>(before.getOrDefault(table, List.of()));
      own.removeAll(MergeLab.rows(lab.databases.base, table));
      assertThat(lab.held(table)).as(table).containsAll(own);
    }
  }
}
