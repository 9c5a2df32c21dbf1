package dev.belay.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountingTest {
  @Test
  void theThresholdIsExact() {
    Counting counting = new Counting();
    for (int number = 0; number < 100; number++) {
      counting.attempted();
      if (number < 29) {
        counting.failed(new IllegalStateException());
      }
    }
    assertThat(counting.exceeds(0.29)).isFalse();
    assertThat(counting.exceeds(0.28)).isTrue();
    assertThat(counting.tells()).isTrue();
  }
}
