package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationVersionTest {
  @Test
  void takesDifferentSpellingsOfOneVersionForEqual() {
    MigrationVersion one = MigrationVersion.of("1");
    for (String same : List.of("01", "1.0", "1_0", "1.0.0", "001.00")) {
      assertThat(MigrationVersion.of(same)).as(same).isEqualTo(one).hasSameHashCodeAs(one);
    }
    assertThat(MigrationVersion.of("10")).isNotEqualTo(one);
  }

  @Test
  void ordersByNumberAndNotByText() {
    assertThat(
            Stream.of("10", "9", "1.10", "1.9", "1_2", "20240101120000").map(MigrationVersion::of))
        .satisfies(
            versions ->
                assertThat(versions.stream().sorted().map(MigrationVersion::toString))
                    .containsExactly("1.2", "1.9", "1.10", "9", "10", "20240101120000"));
  }

  @Test
  void isWrittenWithDotsAndOtherwiseAsItWas() {
    assertThat(MigrationVersion.of("01_0")).hasToString("01.0");
  }

  @Test
  void knowsWhatIsNoVersion() {
    for (String wrong : List.of("", "x", "1.", ".1", "1..2", "1-2", "1.x")) {
      assertThat(MigrationVersion.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void ordersWhatIsNoVersionAfterAllThatAre() {
    assertThat(MigrationVersion.of("abc")).isGreaterThan(MigrationVersion.of("99999999999999"));
    assertThat(MigrationVersion.of("abc")).isLessThan(MigrationVersion.of("abd"));
    assertThat(MigrationVersion.of("abc").isValid()).isFalse();
  }
}
