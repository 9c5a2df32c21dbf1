package dev.belay.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.TableName;
import dev.belay.emergency.FedSequence.Column;
import dev.belay.emergency.FedSequence.Place;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class FedSequenceTest {
  private static final TableName TABLE = new TableName("public", "t");
  private static final FedSequence SERIAL = serial(1, 1, Integer.MAX_VALUE);

  private static FedSequence serial(long increment, long least, long most) {
    return new FedSequence(
        1,
        new TableName("public", "t_id_seq"),
        increment,
        least,
        most,
        List.of(new Column(TABLE, "id", Integer.MIN_VALUE, Integer.MAX_VALUE)));
  }

  private static Place next(long next) {
    return new Place(next - 1, BigInteger.valueOf(next));
  }

  @Test
  void aRowFarAwayIsNoReasonToMove() {
    for (boolean taken : new boolean[] {true, false}) {
      assertThat(SERIAL.mayMove(next(1001), Integer.MAX_VALUE, taken)).isFalse();
      assertThat(SERIAL.mayMove(next(1001), Integer.MAX_VALUE - 7, taken)).isFalse();
      assertThat(SERIAL.mayMove(next(1001), 1_500, taken)).isTrue();
    }
    assertThat(SERIAL.mayMove(next(1001), 1_900_000_000, false)).isFalse();
    assertThat(SERIAL.mayMove(next(1001), 1_900_000_000, true)).isTrue();
  }

  @Test
  void theEndIsThatOfItsColumnToo() {
    FedSequence wide = serial(1, 1, Long.MAX_VALUE);
    assertThat(wide.end()).isEqualTo(Integer.MAX_VALUE);
    assertThat(wide.isExhausted(next(Integer.MAX_VALUE))).isFalse();
    assertThat(wide.isExhausted(next(Integer.MAX_VALUE + 1L))).isTrue();
    assertThat(wide.mayMove(next(5), 3_000_000_000L, true)).isFalse();
  }

  @Test
  void oneThatCountsDownIsTheSameTheOtherWayRound() {
    FedSequence down = serial(-2, -1_000, -1);
    assertThat(down.end()).isEqualTo(-1_000);
    assertThat(down.isBehind(next(-10), -7)).isFalse();
    assertThat(down.isBehind(next(-10), -10)).isTrue();
    assertThat(down.mayMove(next(-10), -100, false)).isTrue();
    assertThat(down.mayMove(next(-10), -999, true)).isFalse();
    assertThat(down.isExhausted(next(-1_001))).isTrue();
    assertThat(down.isExhausted(next(-1_000))).isFalse();
  }

  @Test
  void theWholeRangeOfBigintIsNotTooMuch() {
    FedSequence all =
        new FedSequence(
            1,
            TABLE,
            1,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            List.of(new Column(TABLE, "id", Long.MIN_VALUE, Long.MAX_VALUE)));
    assertThat(all.mayMove(next(Long.MIN_VALUE + 1), Long.MAX_VALUE - 1, true)).isFalse();
    assertThat(all.mayMove(next(Long.MIN_VALUE + 1), -10, false)).isTrue();
  }
}
