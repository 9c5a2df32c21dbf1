package dev.belay.integrity;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes tasks from a queue until it is empty, in a session of its own. For one use. */
final class CheckWorker implements Runnable {
  /** Classes of SQLSTATE of what a definition does wrong, or what is damaged. */
  private static final Set<String> OWN_FAULTS = Set.of("0A", "21", "22", "2F", "42", "P0", "XX");

  /** A view reads a materialized view that was never filled. */
  private static final String UNFILLED = "55000";

  private final Supplier<Database> sessions;
  private final Pace pace;
  private final Duration lockTimeout;
  private final int most;
  private final Queue<CheckTask> tasks;
  private final Set<Long> locked;
  private final AtomicInteger able;
  private final CheckScope scope;
  private final Progress.Bar bar;
  private volatile @Nullable Database session;
  private volatile boolean stopped;
  private @Nullable Failure unreachable;
  private boolean last;
  private long advanced;

  /**
   * @param locked numbers of relations that somebody has locked, shared with the other workers
   * @param able how many workers have not been without a session yet, this one included
   */
  CheckWorker(
      Supplier<Database> sessions,
      Pace pace,
      Duration lockTimeout,
      int most,
      Queue<CheckTask> tasks,
      Set<Long> locked,
      AtomicInteger able,
      CheckScope scope,
      Progress.Bar bar) {
    this.sessions = sessions;
    this.pace = pace;
    this.lockTimeout = lockTimeout;
    this.most = most;
    this.tasks = tasks;
    this.locked = locked;
    this.able = able;
    this.scope = scope;
    this.bar = bar;
  }

  @Override
  public void run() {
    try {
      while (!tasks.isEmpty() && isReady()) {
        if (stopped || Thread.currentThread().isInterrupted()) {
          throw Failure.failed("the check of the data was interrupted", "run the command again");
        }
        CheckTask task = tasks.poll();
        if (task == null) {
          return;
        }
        advanced = 0;
        attempt(task);
        bar.advance(task.bytes() - advanced);
      }
    } finally {
      close();
    }
  }

  /**
   * Whether to take a task: with a session, or as the last worker, who says that the rest could not
   * be checked. The others leave the tasks to those who have a session.
   */
  private boolean isReady() {
    if (unreachable == null) {
      try {
        open();
      } catch (Failure failure) {
        giveUp(failure);
      }
    }
    return unreachable == null || last;
  }

  private void giveUp(Failure failure) {
    unreachable = failure;
    last = able.decrementAndGet() == 0;
  }

  /** For another thread: ends what is running. */
  void stop() {
    stopped = true;
    Database running = session;
    if (running != null) {
      running.cancel();
    }
  }

  private void attempt(CheckTask task) {
    long begin = System.nanoTime();
    try {
      Failure none = unreachable;
      if (none != null) {
        task.tally().add("", none);
        return;
      }
      if (task.relations().size() == 1 && locked.contains(task.relations().get(0).number())) {
        task.tally().add(lockedOut(task.relations().get(0)));
        return;
      }
      work(task, open());
    } catch (Failure failure) {
      broken(task, failure);
    } finally {
      task.tally().took(System.nanoTime() - begin);
    }
  }

  private Database open() {
    Database open = session;
    if (open != null) {
      return open;
    }
    open = sessions.get();
    session = open;
    try {
      CheckQueries.prepare(open, Math.max(1, lockTimeout.toMillis()), most);
      return open;
    } catch (Failure failure) {
      close();
      throw failure;
    }
  }

  private void close() {
    Database open = session;
    session = null;
    if (open != null) {
      open.close();
    }
  }

  private void work(CheckTask task, Database open) {
    if (task.check().reach() == Reach.WHOLE) {
      CheckQueries.lookAt(open, "", OptionalLong.empty(), OptionalLong.empty());
      Tally part = new Tally(task.check(), most);
      open.readingAndForgetting(
          () ->
              CheckQueries.stream(
                  open, task.check().sql(), part, scope.findings(), scope.most(most), () -> 0));
      part.into(task.tally());
      rest();
      return;
    }
    Map<Map<String, @Nullable String>, Finding> found = new LinkedHashMap<>();
    Relation first = task.relations().get(0);
    if (pace.gentle() && first.divisible() && task.relations().size() == 1) {
      PageWalk.over(
          first.pages(),
          first.rows(),
          (from, to) -> {
            if (stopped) {
              throw Failure.failed("the check of the data was interrupted", "run it again");
            }
            read(task, open, OptionalLong.of(from), to, found);
            advance(first, to.orElse(first.pages()));
          });
    } else {
      read(task, open, OptionalLong.empty(), OptionalLong.empty(), found);
      rest();
    }
    found.values().forEach(task.tally()::add);
  }

  private void advance(Relation relation, long pages) {
    long now =
        relation.pages() == 0
            ? 0
            : (long)
                ((double) relation.bytes() * Math.min(pages, relation.pages()) / relation.pages());
    bar.advance(now - advanced);
    advanced = now;
  }

  private void rest() {
    if (pace.gentle()) {
      PageWalk.rest(0);
    }
  }

  private void read(
      CheckTask task,
      Database open,
      OptionalLong from,
      OptionalLong to,
      Map<Map<String, @Nullable String>, Finding> found) {
    CheckQueries.lookAt(open, task.numbers(), from, to);
    for (Finding finding : CheckQueries.read(open, task.check())) {
      found.merge(finding.place(), finding, (one, other) -> one.plus(other, most));
    }
  }

  /** A failure is of one relation, of the check, or of the server. */
  private void broken(CheckTask task, Failure failure) {
    if (SqlState.lostConnection(failure)) {
      close();
      if (unreachable == null && answers()) {
        // Only this session was ended: by an administrator, or because of what was read.
        task.tally()
            .add(task.relations().size() == 1 ? task.relations().get(0).words() : "", failure);
      } else {
        if (unreachable == null) {
          giveUp(failure);
        }
        task.tally().add("", failure);
      }
      return;
    }
    if (task.relations().size() > 1) {
      task.single().forEach(this::attempt);
      return;
    }
    if (task.relations().isEmpty()) {
      task.tally().add("", failure);
      return;
    }
    Relation relation = task.relations().get(0);
    if (SqlState.UNDEFINED_TABLE.isOf(failure) && gone(relation)) {
      return;
    }
    if (SqlState.LOCK_NOT_AVAILABLE.isOf(failure)) {
      locked.add(relation.number());
      task.tally().add(lockedOut(relation));
    } else if (isOwnFault(task.check(), failure)) {
      task.tally().add(new Finding(place(relation, failure), 1, List.of()));
    } else {
      task.tally().add(relation.words(), failure);
    }
  }

  private boolean answers() {
    try {
      open();
      return true;
    } catch (Failure none) {
      close();
      return false;
    }
  }

  private boolean gone(Relation relation) {
    return CheckQueries.stillThere(open(), String.valueOf(relation.number())).isEmpty();
  }

  /**
   * What is looked at is broken; that this user may not look at it, or that the server has no room,
   * says nothing about it.
   */
  private static boolean isOwnFault(Check check, Failure failure) {
    return check.takesErrorsForFindings()
        && !SqlState.INSUFFICIENT_PRIVILEGE.isOf(failure)
        && SqlState.of(failure)
            .filter(state -> state.length() == 5)
            .filter(state -> OWN_FAULTS.contains(state.substring(0, 2)) || state.equals(UNFILLED))
            .isPresent();
  }

  private static Map<String, @Nullable String> place(Relation relation, Failure failure) {
    Map<String, @Nullable String> place = new LinkedHashMap<>();
    place.put("schema", relation.name().schema());
    place.put(relation.view() ? "view" : "table", relation.name().table());
    place.put("problem", failure.message());
    return place;
  }

  private Unchecked lockedOut(Relation relation) {
    return new Unchecked(
        relation.words(),
        "another session has locked it, and it was waited for " + Units.duration(lockTimeout),
        "see who has it with: belay verify-state; or wait longer with: --set lock-timeout=1m");
  }
}
