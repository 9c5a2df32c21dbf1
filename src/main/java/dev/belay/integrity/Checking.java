package dev.belay.integrity;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Together;
import dev.belay.postgres.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Runs checks on one database. Reads only. What cannot be read is named in the results, and the
 * rest goes on.
 */
public final class Checking {
  private final Supplier<Database> sessions;
  private final Pace pace;
  private final Duration lockTimeout;
  private final int most;
  private final Progress progress;
  private final List<Relation> relations = new ArrayList<>();
  private final Map<String, Set<Long>> worthwhile = new HashMap<>();
  private CheckScope scope = CheckScope.WHOLE;

  /**
   * @param sessions gives a new session with the database each time; they are closed here
   * @param lockTimeout how long a table that is locked is waited for
   * @param most how many findings of each check are kept, and how many examples of each finding
   */
  public Checking(
      Supplier<Database> sessions, Pace pace, Duration lockTimeout, int most, Progress progress) {
    this.sessions = sessions;
    this.pace = pace;
    this.lockTimeout = lockTimeout;
    this.most = most;
    this.progress = progress;
  }

  /**
   * Looks which tables and views there are.
   *
   * @param wanted what is checked; a partition is when its whole table is
   * @throws Failure UNAVAILABLE when the session is lost
   */
  public Checking lookingAt(Database session, CheckScope wanted) {
    scope = wanted;
    relations.clear();
    CheckQueries.relations(session).stream()
        .filter(
            relation ->
                wanted.tables().test(relation.name()) || wanted.tables().test(relation.root()))
        .forEach(relations::add);
    for (Check check : Checks.builtIn()) {
      check
          .onlyWhere()
          .ifPresent(where -> worthwhile.put(check.id(), CheckQueries.worthwhile(session, where)));
    }
    return this;
  }

  /** Whether there is nothing to look at, neither a table nor a view. */
  public boolean isWithoutRelations() {
    return relations.isEmpty();
  }

  /** How many tables are looked at. */
  public long tables() {
    return relations.stream().filter(relation -> !relation.view()).count();
  }

  /**
   * How many rows each table has, by its name; without those that could not be counted.
   *
   * @param unchecked is given those, with the reason
   */
  public Map<TableName, Long> rows(List<Unchecked> unchecked) {
    Tally tally = new Tally(Checks.tableRows(), Integer.MAX_VALUE);
    run(List.of(tally), "counting rows");
    Map<TableName, Long> rows = new TreeMap<>();
    CheckResult result = tally.result();
    for (Finding finding : result.findings()) {
      rows.put(
          new TableName(
              String.valueOf(finding.place().get("schema")),
              String.valueOf(finding.place().get("table"))),
          finding.rows());
    }
    unchecked.addAll(result.unchecked());
    return rows;
  }

  /** Runs checks that come with Belay; the results in the same order. */
  public List<CheckResult> run(List<Check> checks) {
    List<Tally> tallies = checks.stream().map(check -> new Tally(check, most)).toList();
    run(tallies, "checking");
    return tallies.stream().map(Tally::result).toList();
  }

  private void run(List<Tally> tallies, String what) {
    Queue<CheckTask> tasks = new ConcurrentLinkedQueue<>();
    tallies.stream()
        .flatMap(tally -> CheckTask.of(tally, of(tally.check()), !pace.gentle()).stream())
        .sorted(Comparator.comparingLong(CheckTask::bytes).reversed())
        .forEach(tasks::add);
    long total = tasks.stream().mapToLong(CheckTask::bytes).sum();
    int workers = Math.max(1, Math.min(pace.jobs(), tasks.size()));
    Set<Long> locked = java.util.concurrent.ConcurrentHashMap.newKeySet();
    AtomicInteger able = new AtomicInteger(workers);
    List<CheckWorker> all = new CopyOnWriteArrayList<>();
    Cleanup.Pending stop = Cleanup.register(() -> all.forEach(CheckWorker::stop));
    try (Progress.Bar bar = progress.bar(what, total, "bytes")) {
      List<Runnable> runs = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        CheckWorker one =
            new CheckWorker(sessions, pace, lockTimeout, most, tasks, locked, able, scope, bar);
        all.add(one);
        runs.add(one);
      }
      Together.run("the check of the data", runs);
    } finally {
      stop.cancel();
    }
  }

  private List<Relation> of(Check check) {
    Set<Long> some = worthwhile.get(check.id());
    return some == null
        ? relations
        : relations.stream().filter(relation -> some.contains(relation.number())).toList();
  }

  /** Tables and views that were there at the begin and are no more, sorted by name. */
  public List<TableName> dropped(Database session) {
    String numbers = new CheckTask(new Tally(Checks.tableRows(), 0), relations).numbers();
    Set<Long> there = new HashSet<>(CheckQueries.stillThere(session, numbers));
    return relations.stream()
        .filter(relation -> !there.contains(relation.number()))
        .map(Relation::name)
        .sorted()
        .toList();
  }
}
