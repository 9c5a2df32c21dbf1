package dev.belay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random incidents: a random operation on a random database, and a random fault at a random moment.
 * Afterwards: is what the exit status, the journal and the audit trail say true, is every committed
 * row still somewhere that was named, and does one printed command finish the job? A number makes
 * the same incident again; {@code -Dbelay.chaos.seed=17 -Dbelay.chaos.incidents=1} plays one, and
 * {@code scripts/chaos} 210, among which each operation meets each fault.
 */
class ChaosIT {
  private static final long FIRST = Long.getLong("belay.chaos.seed", 1);
  private static final long INCIDENTS = Long.getLong("belay.chaos.incidents", 3);

  /** Fewer say nothing about how well the moments are chosen. */
  private static final int MANY = 100;

  /** A table for each run. */
  private static final Path TABLES = Path.of("target/chaos.txt");

  private static final Tally TALLY = new Tally();
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        Cluster.with()
            .setting("max_connections", "60")
            .setting("synchronous_commit", "on")
            .setting("fsync", "on")
            .setting("full_page_writes", "on")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
    // Written at once, so that the tables of runs at the same time stay whole.
    Files.writeString(
        TABLES,
        "seeds %d to %d: %s%n".formatted(FIRST, FIRST + INCIDENTS - 1, TALLY),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    assertThat(TALLY.played() < MANY || TALLY.struck() * 10 >= TALLY.played() * 7)
        .as("faults that strike: " + TALLY)
        .isTrue();
  }

  static LongStream seeds() {
    return LongStream.range(FIRST, FIRST + INCIDENTS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @Timeout(300)
  void whatIsSaidIsTrueAndNothingCommittedIsLost(long seed, @TempDir Path folder)
      throws InterruptedException {
    List<Deed> deeds = List.of(Deed.values());
    List<Fault> faults = List.of(Fault.values());
    // As many numbers as there are pairs give each pair once, and neighbours have little in common.
    int pairs = deeds.size() * faults.size();
    int pair = (int) Math.floorMod(seed * 61, (long) pairs);
    Deed deed = deeds.get(pair / faults.size());
    Fault fault = faults.get(pair % faults.size());
    Random chance = new Random(seed * 7919);
    try (World world = World.of(chance, cluster, folder, seed, deed == Deed.GRADUAL)) {
      Moment moment = Moment.of(chance, deed.points(), folder.resolve("held"));
      boolean struck = new Incident(world, deed, fault, moment, chance, seed).happen();
      TALLY.add(deed, fault, struck);
    }
  }
}
