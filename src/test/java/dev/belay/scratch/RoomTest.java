package dev.belay.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RoomTest {
  private static final long GIGABYTE = 1_000_000_000;

  @Test
  void aCopyLeavesRoomForTheLargestTableWrittenAnewAndItsLog() {
    assertThat(Room.against(OptionalLong.of(16 * GIGABYTE), 10 * GIGABYTE, 2 * GIGABYTE)).isEmpty();
    assertThat(Room.against(OptionalLong.of(15 * GIGABYTE), 10 * GIGABYTE, 2 * GIGABYTE))
        .contains("there is no room for it: 15.0 GB left, of 16.0 GB needed");
  }

  @Test
  void whereNobodyKnowsTheRoomOnlySmallCopiesAreMade() {
    assertThat(Room.against(OptionalLong.empty(), 100_000_000, 50_000_000)).isEmpty();
    assertThat(Room.against(OptionalLong.empty(), 2 * GIGABYTE, GIGABYTE).orElseThrow())
        .contains("cannot be seen from here")
        .contains("scratch.room says");
  }
}
