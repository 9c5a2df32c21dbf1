package dev.belay.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.TableName;
import org.junit.jupiter.api.Test;

class FedSequenceTest {
  private static FedSequence sequence(long increment, long least, long greatest) {
    return new FedSequence(
        new TableName("public", "s"), 1, "id", true, increment, least, greatest, false, 1);
  }

  private static FedSequence.Place at(long last, boolean called) {
    return new FedSequence.Place(last, called);
  }

  @Test
  void isBehindWhenTheValueWouldBeGivenAgain() {
    FedSequence up = sequence(1, 1, Long.MAX_VALUE);
    FedSequence down = sequence(-1, Long.MIN_VALUE, -1);

    assertThat(up.behind(at(1, false), 1)).isTrue();
    assertThat(up.behind(at(1, true), 1)).isFalse();
    assertThat(up.behind(at(9, true), 10)).isTrue();
    assertThat(up.behind(at(11, true), 10)).isFalse();
    assertThat(down.behind(at(-9, true), -10)).isTrue();
    assertThat(down.behind(at(-10, true), -10)).isFalse();
    assertThat(down.behind(at(-10, false), -10)).isTrue();
  }

  @Test
  void takesAsManyValuesAsReachTheNeededOne() {
    assertThat(sequence(1, 1, 1000).steps(at(1, false), 1)).hasValue(1);
    assertThat(sequence(1, 1, 1000).steps(at(1, true), 5)).hasValue(4);
    assertThat(sequence(10, 1, 1000).steps(at(1, true), 15)).hasValue(2);
    assertThat(sequence(10, 1, 1000).steps(at(1, true), 11)).hasValue(1);
    assertThat(sequence(-3, -1000, -1).steps(at(-1, true), -8)).hasValue(3);
  }

  @Test
  void setsWhereThereAreTooManyOrNotThatMany() {
    assertThat(sequence(1, 1, Long.MAX_VALUE).steps(at(1, true), Long.MAX_VALUE)).isEmpty();
    assertThat(sequence(10, 1, 100).steps(at(91, true), 99)).isEmpty();
    assertThat(
            sequence(1, Long.MIN_VALUE, Long.MAX_VALUE)
                .steps(at(Long.MIN_VALUE, false), Long.MAX_VALUE))
        .isEmpty();
  }
}
