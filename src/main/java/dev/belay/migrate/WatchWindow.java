package dev.belay.migrate;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Looks for some time after a migration whether the database answers as before, whether clients'
 * transactions fail more often, and whether they wait for locks. One bad moment is none: it takes
 * three of the last five.
 */
final class WatchWindow {
  private static final long EVERY_MILLIS = 1000;
  private static final int OF = 5;
  private static final int BREACHES = 3;
  private static final int PROBES = 5;
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final int TIMES_SLOWER = 10;
  private static final double MORE_ERRORS = 0.05;

  /** Fewer transactions than that say nothing of a rate. */
  private static final long LEAST = 20;

  private final Databases databases;
  private final Target target;
  private final Progress progress;

  WatchWindow(Databases databases, Target target, Progress progress) {
    this.databases = databases;
    this.target = target;
    this.progress = progress;
  }

  /**
   * How it was before.
   *
   * @param load what clients had done
   * @param response how long half of the answers took at most
   */
  record Before(MigrateQueries.Load load, Duration response) {}

  /**
   * What was seen.
   *
   * @param slowestMillis the slowest answer
   * @param errorRate share of transactions that were rolled back; null: too few to tell
   * @param errorRateBefore the same before
   * @param mostWaiting sessions, beyond those before, that waited for a lock at two looks
   * @param breach what went over its limit; empty: nothing
   */
  record Seen(
      long millis,
      long slowestMillis,
      Optional<Double> errorRate,
      Optional<Double> errorRateBefore,
      long mostWaiting,
      Optional<String> breach) {}

  /** Looks at how it is. */
  static Before before(Database session) {
    long[] took = new long[PROBES];
    for (int probe = 0; probe < PROBES; probe++) {
      took[probe] = probe(session);
    }
    Arrays.sort(took);
    return new Before(MigrateQueries.load(session), Duration.ofNanos(took[PROBES / 2]));
  }

  private static long probe(Database session) {
    long begun = System.nanoTime();
    session.number("select 1");
    return System.nanoTime() - begun;
  }

  /**
   * Watches.
   *
   * @param begun a moment before the migration, for the rate of errors until it began
   * @param before right before the migration
   */
  Seen watch(Before begun, Before before, Duration how) {
    OptionalDouble earlier = rate(begun.load(), before.load());
    Duration slow = slow(before.response());
    int usual = Math.max(begun.load().waiting().size(), before.load().waiting().size());
    List<Optional<String>> last = new ArrayList<>();
    long slowest = 0;
    long most = 0;
    long start = System.nanoTime();
    Optional<String> breach = Optional.empty();
    OptionalDouble all = OptionalDouble.empty();
    try (Database session = databases.open(target)) {
      MigrateQueries.Load first = MigrateQueries.load(session);
      MigrateQueries.Load newest = first;
      while (breach.isEmpty() && !Cleanup.interrupted() && left(start, how) > 0) {
        Thread.sleep(Math.min(EVERY_MILLIS, Math.max(1, left(start, how))));
        long took = probe(session);
        MigrateQueries.Load now = MigrateQueries.load(session);
        slowest = Math.max(slowest, took);
        long waiting = waiting(newest, now, usual);
        most = Math.max(most, waiting);
        last.add(bad(Duration.ofNanos(took), slow, rate(newest, now), earlier, waiting));
        newest = now;
        breach = breach(last);
      }
      all = rate(first, newest);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Failure unreachable) {
      breach = Optional.of("the database does not answer any more: " + unreachable.message());
    }
    breach.ifPresent(progress::warn);
    return new Seen(
        (System.nanoTime() - start) / 1_000_000,
        slowest / 1_000_000,
        boxed(all),
        boxed(earlier),
        most,
        breach);
  }

  private static Optional<Double> boxed(OptionalDouble rate) {
    return rate.isPresent() ? Optional.of(rate.getAsDouble()) : Optional.empty();
  }

  private static long left(long start, Duration how) {
    return how.toMillis() - (System.nanoTime() - start) / 1_000_000;
  }

  /** A second, or ten times as long as before where that is more. */
  static Duration slow(Duration before) {
    Duration slower = before.multipliedBy(TIMES_SLOWER);
    return slower.compareTo(SLOW) < 0 ? SLOW : slower;
  }

  static OptionalDouble rate(MigrateQueries.Load from, MigrateQueries.Load to) {
    long failed = Math.max(0, to.rolledBack() - from.rolledBack());
    long all = Math.max(0, to.committed() - from.committed()) + failed;
    return all < LEAST ? OptionalDouble.empty() : OptionalDouble.of((double) failed / all);
  }

  /**
   * How many more than usual wait for a lock and did at the look before too.
   *
   * @param usual how many waited before the migration
   */
  static long waiting(MigrateQueries.Load earlier, MigrateQueries.Load now, int usual) {
    long still = now.waiting().stream().filter(earlier.waiting()::contains).count();
    return Math.max(0, still - usual);
  }

  /**
   * What is bad about a moment; empty: nothing. Without a rate from before nobody knows whether
   * more transactions fail than did.
   */
  static Optional<String> bad(
      Duration took, Duration slow, OptionalDouble rate, OptionalDouble earlier, long waiting) {
    if (took.compareTo(slow) > 0) {
      return Optional.of(
          "an answer takes %s, more than %s".formatted(Units.duration(took), Units.duration(slow)));
    }
    if (rate.isPresent()
        && earlier.isPresent()
        && rate.getAsDouble() > earlier.getAsDouble() + MORE_ERRORS) {
      return Optional.of(
          "%.0f %% of the transactions fail, and %.0f %% did before"
              .formatted(rate.getAsDouble() * 100, earlier.getAsDouble() * 100));
    }
    return waiting > 0
        ? Optional.of(
            Units.count(waiting, "session waits", "sessions wait")
                + " for a lock for longer than a second")
        : Optional.empty();
  }

  /** Three bad moments of the last five are one breach; the last of them says what it is. */
  static Optional<String> breach(List<Optional<String>> moments) {
    List<String> bad =
        moments.subList(Math.max(0, moments.size() - OF), moments.size()).stream()
            .flatMap(Optional::stream)
            .toList();
    return bad.size() < BREACHES ? Optional.empty() : Optional.of(bad.get(bad.size() - 1));
  }
}
