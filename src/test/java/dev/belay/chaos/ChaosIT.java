package dev.belay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
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
 * {@code scripts/chaos} as many as there are pairs, so that each operation meets each fault.
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
            .rule("host all all 127.0.0.1/32 trust")
            .setting("max_connections", "60")
            .setting("synchronous_commit", "on")
            .setting("fsync", "on")
            .setting("full_page_writes", "on")
            .start();
    try (Database session = new JdbcDatabases("chaos").open(cluster.admin())) {
      session.execute(Role.CREATOR.creation());
      session.execute(Role.OWNER.creation());
    }
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
    return LongStream.iterate(FIRST, seed -> seed + 1)
        .filter(seed -> Pair.of(seed).isWanted())
        .limit(INCIDENTS);
  }

  /** What strikes the command that is to end the incident, in one of three. */
  private static Optional<Fault> again(long seed) {
    Random chance = new Random(seed * 104729);
    List<Fault> faults = List.of(Fault.values());
    return chance.nextInt(3) == 0 || Boolean.getBoolean("belay.chaos.twice")
        ? Optional.of(faults.get(1 + chance.nextInt(faults.size() - 1)))
        : Optional.empty();
  }

  private static Role role(long seed) {
    String wanted = System.getProperty("belay.chaos.role", "");
    return wanted.isEmpty() ? Role.of(new Random(seed * 15485863)) : Role.valueOf(wanted);
  }

  /** What is done, and what goes wrong meanwhile. */
  private record Pair(Deed deed, Fault fault) {
    private static final List<Deed> DEEDS = List.of(Deed.values());
    private static final List<Fault> FAULTS = List.of(Fault.values());

    /** As many numbers as there are pairs give each once; neighbours have little in common. */
    static Pair of(long seed) {
      int pair = (int) Math.floorMod(seed * 61, (long) DEEDS.size() * FAULTS.size());
      return new Pair(DEEDS.get(pair / FAULTS.size()), FAULTS.get(pair % FAULTS.size()));
    }

    boolean isWanted() {
      return isOneOf("deed", deed) && isOneOf("fault", fault);
    }

    private static boolean isOneOf(String what, Enum<?> mine) {
      String wanted = System.getProperty("belay.chaos." + what, "");
      return wanted.isEmpty() || List.of(wanted.split(",")).contains(mine.name());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @Timeout(300)
  void whatIsSaidIsTrueAndNothingCommittedIsLost(long seed, @TempDir Path folder)
      throws InterruptedException {
    Pair pair = Pair.of(seed);
    Deed deed = pair.deed();
    Fault fault = pair.fault();
    Random chance = new Random(seed * 7919);
    try (World world = World.of(chance, cluster, folder, seed, role(seed), deed == Deed.GRADUAL)) {
      Blow blow = Blow.of(chance, fault, deed.points(), folder.resolve("held"));
      boolean struck = new Incident(world, deed, blow, again(seed), chance, seed).happen();
      TALLY.add(deed, fault, struck);
    }
  }
}
