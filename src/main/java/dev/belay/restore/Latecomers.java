package dev.belay.restore;

import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.diff.Pair;
import dev.belay.diff.Triggers;
import dev.belay.integrity.SequenceState;
import dev.belay.integrity.Sequences;
import dev.belay.postgres.Database;
import dev.belay.postgres.Snapshot;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.LastLook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries the rows that were written while others were carried: in the window of the swap, when
 * nobody can write any more, and for no longer than a moment. Sequences of the new database go to
 * where those of the live one are.
 *
 * <p>What could not be carried, or looked at in time, stays in the replaced database, and is told.
 */
final class Latecomers implements LastLook {
  /** The part of the window that they may take. */
  static final Duration LONGEST = Duration.ofMillis(400);

  private static final int SHOWN = 5;

  /** What is written during the last of them is left for the window. */
  private static final int ROUNDS = 3;

  private static final long FEW = 500;
  private static final long NEVER = Long.MAX_VALUE;

  /**
   * What came of it.
   *
   * @param carried rows that were added
   * @param left by table, in words, what was left behind
   * @param leftRows how many rows that is
   * @param unseen why it is not known what was written last; empty: it is known to the row
   */
  record Outcome(long carried, List<String> left, long leftRows, Optional<String> unseen) {
    Outcome {
      left = List.copyOf(left);
    }
  }

  private final GuardedRun run;
  private final Target replacement;
  private final List<Pair> pairs;
  private final Moment first;
  private Moment since;
  private final Duration longest;
  private final Set<Integer> prepared = new HashSet<>();
  private @Nullable Database live;
  private @Nullable Database fresh;
  private final List<String> leftBefore = new ArrayList<>();
  private long leftRowsBefore;
  private long carriedBefore;
  private long addedLast;
  private Outcome outcome =
      new Outcome(0, List.of(), 0, Optional.of("the swap did not come to it"));

  /**
   * @param pairs the tables that both databases have
   * @param since what was carried before is what this moment shows
   */
  Latecomers(GuardedRun run, Target replacement, List<Pair> pairs, Moment since, Duration longest) {
    this.run = run;
    this.replacement = replacement;
    this.pairs = pairs;
    this.first = since;
    this.since = since;
    this.longest = longest;
  }

  /** What came of it, after the swap. */
  Outcome outcome() {
    return outcome;
  }

  /**
   * Carries what was written until now, while everybody goes on writing, and again what was written
   * meanwhile, so that little is left for the window.
   */
  void catchUp() {
    for (int round = 1; round <= ROUNDS; round++) {
      Moment.Taken taken = Moment.take(run.databases(), run.target());
      try (Snapshot snapshot = taken.snapshot();
          Database writing = run.databases().open(replacement)) {
        // What the server counts comes late from sessions that go on, so every table is looked at.
        Outcome part = carry(snapshot.database(), writing, NEVER, Optional.empty());
        carriedBefore += part.carried();
        leftBefore.addAll(part.left());
        leftRowsBefore += part.leftRows();
        since = taken.moment();
        prepared.clear();
        if (part.carried() < FEW) {
          return;
        }
      }
    }
  }

  /**
   * Counts what there was no time for.
   *
   * @param replaced a session with what was the live database
   */
  void count(Database replaced) {
    Optional<Map<Long, Long>> now = LatecomerQueries.writes(replaced);
    long next = LatecomerQueries.next(replaced);
    List<String> left = new ArrayList<>(outcome.left());
    long leftRows = outcome.leftRows();
    for (Pair pair : pairs) {
      if (since.mayBeWritten(pair.source().oid(), now)) {
        long rows = LatecomerQueries.late(replaced, pair, since, next);
        if (rows > 0) {
          leftRows += rows;
          left.add(
              "%s: at most %s written in the last moment, for which there was no time"
                  .formatted(pair.name().plain(), Units.count(rows, "row", "rows")));
        }
      }
    }
    left.addAll(first.madeSince(replaced));
    outcome = new Outcome(outcome.carried(), left, leftRows, Optional.empty());
  }

  @Override
  public List<Integer> open() {
    Database reading = run.databases().open(run.target());
    live = reading;
    Database writing = run.databases().open(replacement);
    fresh = writing;
    try {
      rehearse(reading, writing);
    } catch (Failure later) {
      run.progress().detail("a last look at the live database may fail: " + later.message());
    }
    return List.of(LatecomerQueries.pid(reading), LatecomerQueries.pid(writing));
  }

  /** What takes long the first time, and what can be made before, is not left for the window. */
  private void rehearse(Database reading, Database writing) {
    Optional<Map<Long, Long>> now = LatecomerQueries.writes(reading);
    LatecomerQueries.next(reading);
    Sequences.of(reading);
    Sequences.of(writing);
    for (int number = 0; number < pairs.size(); number++) {
      if (since.mayBeWritten(pairs.get(number).source().oid(), now)) {
        prepare(writing, number);
      }
    }
  }

  private void prepare(Database writing, int number) {
    if (prepared.add(number)) {
      LatecomerQueries.prepare(writing, pairs.get(number), number);
    }
  }

  @Override
  public void look() {
    Database reading = live;
    Database writing = fresh;
    if (reading == null || writing == null) {
      throw new IllegalStateException("look before open");
    }
    long deadline = System.nanoTime() + longest.toNanos();
    addedLast = 0;
    FailPoint.reached("latecomers-begun");
    try {
      sequences(reading, writing, deadline);
      Outcome last = carry(reading, writing, deadline, LatecomerQueries.writes(reading));
      List<String> left = new ArrayList<>(leftBefore);
      left.addAll(last.left());
      left.addAll(first.madeSince(reading));
      outcome =
          new Outcome(
              carriedBefore + last.carried(),
              left,
              leftRowsBefore + last.leftRows(),
              Optional.empty());
    } catch (Failure cut) {
      boolean late = System.nanoTime() >= deadline;
      outcome =
          new Outcome(
              carriedBefore + addedLast,
              leftBefore,
              leftRowsBefore,
              Optional.of(
                  late
                      ? "looking for it would have kept everybody waiting for more than "
                          + Units.duration(longest)
                      : cut.message()));
    }
    FailPoint.reached("latecomers-carried");
  }

  /** Values that the live database has given are not given again. */
  private static void sequences(Database reading, Database writing, long deadline) {
    limit(deadline, reading, writing);
    Map<TableName, SequenceState> there = new HashMap<>();
    Sequences.of(writing).forEach(state -> there.put(state.name(), state));
    for (SequenceState state : Sequences.of(reading)) {
      SequenceState mine = there.get(state.name());
      boolean behind =
          mine != null
              && !mine.cycles()
              && mine.increment() == state.increment()
              && !mine.isAtOrBeyond(state);
      if (behind) {
        LatecomerQueries.set(writing, state);
      }
    }
  }

  /**
   * @param now what the server counted; empty: nobody knows, and every table is looked at
   */
  private Outcome carry(
      Database reading, Database writing, long deadline, Optional<Map<Long, Long>> now) {
    long next = LatecomerQueries.next(reading);
    List<Pair> written = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    List<Long> staged = new ArrayList<>();
    for (int number = 0; number < pairs.size(); number++) {
      Pair pair = pairs.get(number);
      if (since.mayBeWritten(pair.source().oid(), now)) {
        limit(deadline, reading, writing);
        prepare(writing, number);
        long rows = LatecomerQueries.stage(reading, writing, pair, number, since, next);
        if (rows > 0) {
          written.add(pair);
          numbers.add(number);
          staged.add(rows);
        }
      }
    }
    List<String> left = new ArrayList<>();
    if (written.isEmpty()) {
      return new Outcome(0, left, 0, Optional.empty());
    }
    limit(deadline, reading, writing);
    List<Long> added = List.of();
    String obstacle = "";
    try {
      added = add(writing, written, numbers);
      addedLast = added.stream().mapToLong(Long::longValue).sum();
    } catch (Failure broken) {
      obstacle = ", since " + broken.message();
    }
    long leftRows = 0;
    for (int place = 0; place < written.size(); place++) {
      Pair pair = written.get(place);
      boolean all = obstacle.isEmpty() && added.get(place).equals(staged.get(place));
      if (all || (obstacle.isEmpty() && pair.key().isEmpty())) {
        continue;
      }
      limit(deadline, reading, writing);
      long rows = LatecomerQueries.left(writing, pair, numbers.get(place));
      if (rows > 0) {
        leftRows += rows;
        List<String> keys = LatecomerQueries.leftKeys(writing, pair, numbers.get(place), SHOWN);
        left.add(
            "%s: %s written in the last moment (%s)%s"
                .formatted(
                    pair.name().plain(),
                    Units.count(rows, "row", "rows"),
                    String.join("; ", keys) + (rows > keys.size() ? "; …" : ""),
                    obstacle));
      }
    }
    return new Outcome(
        added.stream().mapToLong(Long::longValue).sum(), left, leftRows, Optional.empty());
  }

  /** The triggers of the application fired already, when the rows were written. */
  private List<Long> add(Database writing, List<Pair> written, List<Integer> numbers) {
    return writing.inTransaction(
        () ->
            Triggers.without(
                writing,
                written.stream().map(pair -> pair.target().oid()).toList(),
                () -> LatecomerQueries.add(writing, written, numbers)));
  }

  private static void limit(long deadline, Database reading, Database writing) {
    if (deadline == NEVER) {
      return;
    }
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw Failure.unavailable("the time is over", "reconcile afterwards");
    }
    LatecomerQueries.limit(reading, millis);
    LatecomerQueries.limit(writing, millis);
  }

  @Override
  public void close() {
    close(live);
    live = null;
    close(fresh);
    fresh = null;
  }

  private static void close(@Nullable Database session) {
    if (session != null) {
      session.close();
    }
  }
}
