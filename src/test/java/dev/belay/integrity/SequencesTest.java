package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequencesTest {
  @Test
  void oneThatDidNotMoveIsExpectedExactly() {
    assertThat(differences(up(7), up(7), up(7))).isEmpty();
    assertThat(differences(up(7), up(7), up(8)))
        .containsExactly("sequence public.s is at 8 instead of 7");
    assertThat(differences(up(7), up(7), at(7, false, 1, false)))
        .containsExactly("sequence public.s is at 7, not yet given instead of 7");
  }

  @Test
  void oneThatMovedIsExpectedOnItsWay() {
    assertThat(differences(up(7), up(9), up(7))).isEmpty();
    assertThat(differences(up(7), up(9), up(9))).isEmpty();
    assertThat(differences(up(7), up(9), up(6)))
        .containsExactly("sequence public.s is at 6 instead of between 7 and 9");
    assertThat(differences(up(7), up(9), up(10))).hasSize(1);
  }

  @Test
  void oneThatWasNotYetCalledIsBeforeTheSameValueCalled() {
    SequenceState fresh = at(1, false, 1, false);

    assertThat(differences(fresh, up(3), fresh)).isEmpty();
    assertThat(differences(up(1), up(3), fresh)).hasSize(1);
  }

  @Test
  void oneThatCountsDownGoesDown() {
    SequenceState before = at(-5, true, -1, false);
    SequenceState after = at(-8, true, -1, false);

    assertThat(differences(before, after, at(-6, true, -1, false))).isEmpty();
    assertThat(differences(before, after, at(-4, true, -1, false))).hasSize(1);
    assertThat(differences(before, after, at(-9, true, -1, false))).hasSize(1);
  }

  @Test
  void oneThatCyclesOrWasSetBackMayBeAnywhere() {
    assertThat(differences(at(9, true, 1, true), at(2, true, 1, true), at(1, true, 1, true)))
        .isEmpty();
    assertThat(differences(up(9), up(2), up(5))).isEmpty();
  }

  @Test
  void anotherStepIsADifference() {
    assertThat(differences(up(7), up(7), at(7, true, 10, false)))
        .containsExactly("sequence public.s counts by 10 instead of 1");
  }

  @Test
  void oneThatIsNotThereIsMissing() {
    assertThat(Sequences.differences(Sequences.expected(List.of(up(7)), List.of()), List.of()))
        .containsExactly("sequence public.s is missing");
  }

  private static List<String> differences(
      SequenceState before, SequenceState after, SequenceState actual) {
    return Sequences.differences(
        Sequences.expected(List.of(before), List.of(after)), List.of(actual));
  }

  private static SequenceState up(long value) {
    return at(value, true, 1, false);
  }

  private static SequenceState at(long value, boolean called, long increment, boolean cycles) {
    return new SequenceState(new TableName("public", "s"), value, called, increment, cycles);
  }
}
