package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A workload of reads by key and of writes that change nothing and are rolled back, beside the
 * scripts on a copy. For each script it is made anew from what tables are like before, so that what
 * fails meanwhile is what an application of that moment would feel. Triggers of the tables fire.
 */
final class Probe {
  /** Each has a session of its own. */
  static final int MOST_TABLES = 8;

  private static final long BASELINE_NANOS = 500_000_000L;
  private static final int MOST_ERRORS = 5;

  private final Databases databases;
  private final Supplier<Target> copy;
  private final List<TableName> tables;
  private final Set<String> notes = new LinkedHashSet<>();
  private final Set<TableName> probed = new LinkedHashSet<>();

  /**
   * @param copy the database at this time
   * @param tables those that are probed where they are there
   */
  Probe(Databases databases, Supplier<Target> copy, List<TableName> tables) {
    this.databases = databases;
    this.copy = copy;
    this.tables = List.copyOf(tables);
  }

  /** What somebody does meanwhile, and what was felt. */
  record Felt<T>(T answer, ProbeFigures figures) {}

  /**
   * Does something while the probe works.
   *
   * @throws Failure what the work throws; UNAVAILABLE when no session is to be had
   */
  <T> Felt<T> beside(Supplier<T> work) {
    List<ProbeWorker> workers = start();
    T answer;
    try {
      answer = work.get();
    } catch (Throwable broken) {
      stop(workers);
      throw broken;
    }
    stop(workers);
    return new Felt<>(answer, figures(workers));
  }

  /** What the probe feels while nothing else happens, for half a second. */
  ProbeFigures baseline() {
    return beside(
            () -> {
              LockSupport.parkNanos(BASELINE_NANOS);
              return true;
            })
        .figures();
  }

  private List<ProbeWorker> start() {
    List<ProbeTable> there = new ArrayList<>();
    List<String> told = new ArrayList<>();
    try (Database session = databases.open(copy.get())) {
      for (TableName table : tables) {
        ProbeQueries.of(session, table, told).ifPresent(there::add);
      }
    }
    notes.addAll(told);
    List<ProbeWorker> workers = new ArrayList<>();
    try {
      for (ProbeTable table : there) {
        workers.add(ProbeWorker.start(databases, copy.get(), table));
        probed.add(table.name());
      }
    } catch (Failure cannot) {
      stop(workers);
      throw cannot;
    }
    return workers;
  }

  private static void stop(List<ProbeWorker> workers) {
    workers.forEach(ProbeWorker::stop);
    workers.forEach(ProbeWorker::close);
  }

  private static ProbeFigures figures(List<ProbeWorker> workers) {
    Latencies all = new Latencies();
    List<String> errors = new ArrayList<>();
    long statements = 0;
    long failed = 0;
    Optional<ProbeWorker> slowest = Optional.empty();
    for (ProbeWorker worker : workers) {
      all.add(worker.latencies());
      statements += worker.statements();
      failed += worker.failed();
      worker.errors().stream().filter(error -> errors.size() < MOST_ERRORS).forEach(errors::add);
      if (slowest.isEmpty() || worker.stallMillis() > slowest.get().stallMillis()) {
        slowest = Optional.of(worker);
      }
    }
    return new ProbeFigures(
        statements,
        failed,
        all.percentile(0.5),
        all.percentile(0.99),
        all.max(),
        slowest.map(ProbeWorker::stallMillis).orElse(0L),
        slowest.map(worker -> worker.name().plain()).orElse(""),
        errors);
  }

  /** The tables that it worked with at some time. */
  List<TableName> tables() {
    return tables.stream().filter(probed::contains).toList();
  }

  /** What could not be probed, and why. */
  List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    List<String> never =
        tables.stream().filter(table -> !probed.contains(table)).map(TableName::plain).toList();
    if (!never.isEmpty()) {
      all.add("not probed: " + String.join(", ", never));
    }
    return all;
  }
}
