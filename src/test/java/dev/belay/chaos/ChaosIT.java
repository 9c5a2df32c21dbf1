package dev.belay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.support.Cli;
import dev.belay.support.Cluster;
import dev.belay.support.Program;
import dev.belay.support.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random incidents: a random operation on a random database, and a random fault at a random moment.
 * Afterwards: is what the exit status says true, is every committed row still somewhere, and does
 * one command finish the job? A number makes the same incident again; {@code -Dbelay.chaos.seed=17
 * -Dbelay.chaos.incidents=1} plays one, 200 are played by {@code -Dbelay.chaos.incidents=200}.
 */
class ChaosIT {
  private static final long FIRST = Long.getLong("belay.chaos.seed", 1);
  private static final long INCIDENTS = Long.getLong("belay.chaos.incidents", 3);
  private static final Set<Integer> BY_SIGNAL = Set.of(129, 130, 137, 143);
  private static final Pattern COMMAND = Pattern.compile("belay ([a-z-]+(?: [^`;,)]+)?)");

  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        Cluster.with().setting("max_connections", "60").setting("synchronous_commit", "on").start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  static LongStream seeds() {
    return LongStream.range(FIRST, FIRST + INCIDENTS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @Timeout(300)
  void whatIsSaidIsTrueAndNothingCommittedIsLost(long seed, @TempDir Path folder)
      throws InterruptedException {
    Random chance = new Random(seed * 7919);
    Deed deed = List.of(Deed.values()).get(chance.nextInt(Deed.values().length));
    try (World world = World.of(chance, cluster, folder, seed, deed == Deed.GRADUAL)) {
      new Incident(world, deed, chance, seed).happen();
    }
  }

  /** One of them. */
  private static final class Incident {
    private final World world;
    private final Deed deed;
    private final Fault fault;
    private final long millis;
    private final Random chance;
    private final String name;
    private final List<String> told = new ArrayList<>();

    Incident(World world, Deed deed, Random chance, long seed) {
      this.world = world;
      this.chance = chance;
      this.deed = deed;
      this.fault = List.of(Fault.values()).get(chance.nextInt(Fault.values().length));
      this.millis = 400L + chance.nextInt(3_600);
      this.name = "incident %d: %s, %s after %d ms".formatted(seed, deed, fault, millis);
    }

    void happen() throws InterruptedException {
      Cli.Result first = run(world.program(world.live), List.of("create-backup"));
      assertThat(first.status()).as(story()).isZero();
      Content backup = world.content();
      world.work(chance);
      Content before = world.content();
      List<Content> ways = deed.ways(world, backup, before);
      world.pending.forEach(migration -> migration.write(world.folder));
      Set<Long> committed = new HashSet<>();
      try (Writer writer = Writer.start(world.live)) {
        strike(before, ways);
        writer.close();
        committed.addAll(writer.committed());
      }
      everyCommittedRowIsThere(committed);
      assertThat(world.left()).as(story()).isEmpty();
    }

    private void strike(Content before, List<Content> ways) throws InterruptedException {
      List<String> arguments = deed.arguments(world);
      int status;
      String err;
      try (Proxy proxy = Proxy.before(world.live)) {
        Target way = fault == Fault.CONNECTIONS_RESET ? proxy.through(world.live) : world.live;
        Program.Running running = world.program(way).start(arguments.toArray(String[]::new));
        fault.strike(world, running, proxy, millis);
        Cli.Result result = running.result();
        tell(arguments, result);
        status = result.status();
        err = result.err();
      }
      Content done = ways.isEmpty() ? before : ways.get(ways.size() - 1);
      if (status == 0) {
        same(done);
      } else if (BY_SIGNAL.contains(status)) {
        afterASignal(before, ways, arguments);
      } else if (status == 20) {
        oneOf(before, ways);
        finish(err, before, done);
      } else {
        assertThat(status).as(story()).isBetween(2, 19);
        same(before);
        again(arguments, before, done);
      }
    }

    /** Looks as an operator would, and does what is said; else does again what was meant. */
    private void afterASignal(Content before, List<Content> ways, List<String> arguments) {
      Content done = ways.isEmpty() ? before : ways.get(ways.size() - 1);
      Cli.Result state = run(world.program(world.live), List.of("verify-state"));
      Matcher command = COMMAND.matcher(unfinished(state.out() + "\n" + state.err()));
      if (command.find()) {
        run(world.program(world.live), words(command.group(1)));
      }
      oneOf(before, ways);
      if (!world.content().equals(done) || deed == Deed.BACKUP) {
        again(arguments, before, done);
      }
    }

    /** What is said of runs that did not come to their end, with what mends it. */
    private static String unfinished(String answer) {
      return answer
          .lines()
          .dropWhile(line -> !line.startsWith("WARN  unfinished-runs"))
          .skip(1)
          .takeWhile(line -> line.startsWith(" "))
          .reduce("", (left, right) -> left + "\n" + right);
    }

    /** The same command does it now, unless it cannot be done at all. */
    private void again(List<String> arguments, Content before, Content done) {
      Cli.Result again = run(world.program(world.live), arguments);
      if (again.status() == 0) {
        same(done);
      } else if (again.status() == 20) {
        finish(again.err(), before, done);
      } else {
        assertThat(deed.cannotSucceed(world) || world.content().equals(done)).as(story()).isTrue();
        assertThat(world.content()).as(story()).isIn(before, done);
      }
    }

    /** The command that the failure names finishes it, or takes it back. */
    private void finish(String err, Content before, Content done) {
      String hint =
          err.lines().filter(line -> line.startsWith("hint: ")).reduce("", (one, two) -> two);
      Optional<String> command =
          COMMAND
              .matcher(hint)
              .results()
              .map(found -> found.group(1))
              .filter(found -> !found.startsWith("verify-"))
              .findFirst();
      assertThat(command).as(story() + "\na command in: " + hint).isPresent();
      Cli.Result finished = run(world.program(world.live), words(command.orElseThrow()));
      assertThat(finished.status()).as(story()).isZero();
      assertThat(world.content()).as(story()).isIn(before, done);
    }

    private static List<String> words(String command) {
      List<String> words = new ArrayList<>(List.of(command.strip().split("\\s+")));
      if (!words.contains("--yes") && !words.get(0).startsWith("verify")) {
        words.add("--yes");
      }
      return words;
    }

    private void same(Content expected) {
      assertThat(world.content().differences(expected)).as(story()).isEmpty();
    }

    private void oneOf(Content before, List<Content> ways) {
      if (deed == Deed.GRADUAL) {
        // Some of its batches are done, which no copy can foretell; it goes on from there.
        return;
      }
      Content now = world.content();
      assertThat(now.equals(before) || ways.contains(now))
          .as(story() + "\nbefore: " + now.differences(before))
          .isTrue();
    }

    /** In the live database, or in one that a restore put aside. */
    private void everyCommittedRowIsThere(Set<Long> committed) {
      Set<Long> there = new HashSet<>(world.written(world.live));
      for (Target replaced : world.replaced()) {
        world.openReplaced(replaced);
        there.addAll(world.written(replaced));
      }
      committed.removeAll(there);
      assertThat(committed).as(story()).isEmpty();
    }

    private Cli.Result run(Program program, List<String> arguments) {
      Cli.Result result = program.run(arguments.toArray(String[]::new));
      tell(arguments, result);
      return result;
    }

    private void tell(List<String> arguments, Cli.Result result) {
      told.add(
          "$ belay %s  (%d)%n%s%s"
              .formatted(String.join(" ", arguments), result.status(), result.out(), result.err()));
    }

    private String story() {
      return name + "\n" + String.join("\n", told);
    }
  }
}
