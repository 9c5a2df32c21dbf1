package dev.belay.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergePlanTest {
  private static MergePlan plan(long first, long second) {
    TableName parent = new TableName("public", "parents");
    return new MergePlan(
        Policy.EXACT,
        List.of(),
        List.of(
            new Cascade(
                new TableName("public", "a"), "a_fk", parent, Cascade.Effect.REMOVED, first),
            new Cascade(
                new TableName("public", "b"), "b_fk", parent, Cascade.Effect.REMOVED, second)),
        List.of());
  }

  @Test
  void moreOfOneTableThatFollowsIsMoreWhateverTheSumIs() {
    assertThat(plan(1, 5).exceeds(plan(5, 5))).isFalse();
    assertThat(plan(5, 1).exceeds(plan(1, 5))).isTrue();
  }
}
