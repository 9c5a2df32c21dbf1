package dev.belay.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.archive.DrillHistory;
import dev.belay.archive.DrillRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrendTest {
  private static DrillRecord drill(int number, long bytes, long restoreMillis) {
    return new DrillRecord(
        Instant.EPOCH.plusSeconds(number),
        "orders@db1:5432",
        Optional.of("orders_20240101_120000"),
        true,
        0,
        bytes,
        restoreMillis,
        0,
        10,
        20);
  }

  @Test
  void aDatabaseThatGrowsTakesLongerAndEachGigabyteAsLongAsBefore() {
    List<DrillRecord> drills = new ArrayList<>();
    for (int number = 0; number < 10; number++) {
      drills.add(drill(number, 1_000_000_000L * (10 + number * 2L), 1_000L * (10 + number * 2L)));
    }

    Trend trend = Trend.of(drills).orElseThrow();

    assertThat(trend.direction()).isEqualTo("grows");
    assertThat(trend.rate()).isEqualTo("steady");
    assertThat(trend.secondsPerGigabyteNow()).isEqualTo(1.0);
  }

  @Test
  void oneSlowNightIsNoTrendAndThreeDrillsAreNone() {
    List<DrillRecord> drills = new ArrayList<>();
    for (int number = 0; number < 8; number++) {
      drills.add(drill(number, 1_000_000_000L, number == 6 ? 90_000 : 10_000));
    }

    assertThat(Trend.of(drills).orElseThrow().direction()).isEqualTo("steady");
    assertThat(Trend.of(drills.subList(0, 3))).isEmpty();
  }

  @Test
  void aDamagedLineOfTheHistoryHidesNoOther(@TempDir Path folder) throws Exception {
    DrillHistory history = new DrillHistory(folder);
    history.add(drill(1, 1, 1));
    Files.writeString(history.file(), "{\"half\":", StandardOpenOption.APPEND);
    assertThat(history.of("orders@db1:5432")).hasSize(1);

    history.add(drill(2, 2, 2));

    assertThat(history.of("orders@db1:5432")).containsExactly(drill(1, 1, 1), drill(2, 2, 2));
    assertThat(history.of("other@db1:5432")).isEmpty();
    assertThat(Files.readString(history.file())).contains("{\"half\":\n");
  }
}
