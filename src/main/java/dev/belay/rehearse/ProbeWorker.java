package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Reads and writes one table, one statement after the other, as long as a phase lasts. */
final class ProbeWorker implements AutoCloseable {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long PATIENCE_MILLIS = 60_000;
  private static final int MOST_ERRORS = 3;

  private final Databases databases;
  private final Target target;
  private final ProbeTable table;
  private final Thread thread;
  private final Latencies latencies = new Latencies();
  private final Set<String> errors = new LinkedHashSet<>();
  private volatile boolean over;
  private volatile @Nullable Database session;
  private long statements;
  private long failed;
  private long stallNanos;
  private long lastSuccess;

  private ProbeWorker(Databases databases, Target target, ProbeTable table) {
    this.databases = databases;
    this.target = target;
    this.table = table;
    this.session = databases.open(target);
    this.lastSuccess = System.nanoTime();
    this.thread = new Thread(this::work, "probe");
    thread.setDaemon(true);
  }

  /**
   * Begins.
   *
   * @throws Failure UNAVAILABLE when there is no session to be had
   */
  static ProbeWorker start(Databases databases, Target target, ProbeTable table) {
    ProbeWorker worker = new ProbeWorker(databases, target, table);
    worker.thread.start();
    return worker;
  }

  private void work() {
    while (!over) {
      long begun = System.nanoTime();
      boolean succeeded = once();
      long ended = System.nanoTime();
      statements++;
      latencies.add((ended - begun) / 1_000);
      if (succeeded) {
        stallNanos = Math.max(stallNanos, ended - lastSuccess);
        lastSuccess = ended;
      } else {
        failed++;
      }
      LockSupport.parkNanos(succeeded ? PAUSE_NANOS : AFTER_FAILURE_NANOS);
    }
    stallNanos = Math.max(stallNanos, System.nanoTime() - lastSuccess);
  }

  private boolean once() {
    try {
      Database open = session;
      if (open == null) {
        open = databases.open(target);
        session = open;
      }
      if (statements % 2 == 1 && table.write().isPresent()) {
        ProbeQueries.write(open, table, statements);
      } else {
        ProbeQueries.read(open, table, statements);
      }
      return true;
    } catch (Failure broken) {
      if (errors.size() < MOST_ERRORS) {
        errors.add(table.name().plain() + ": " + broken.message());
      }
      if (dev.belay.postgres.SqlState.lostConnection(broken)) {
        reconnect();
      }
      return false;
    }
  }

  private void reconnect() {
    Database lost = session;
    session = null;
    if (lost != null) {
      lost.close();
    }
  }

  /** No further statement is begun. */
  void stop() {
    over = true;
  }

  /** Waits for the statement that runs; one that does not end is cancelled. */
  @Override
  public void close() {
    over = true;
    try {
      thread.join(PATIENCE_MILLIS);
      Database open = session;
      if (thread.isAlive() && open != null) {
        open.cancel();
        thread.join(PATIENCE_MILLIS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    reconnect();
  }

  TableName name() {
    return table.name();
  }

  Latencies latencies() {
    return latencies;
  }

  long statements() {
    return statements;
  }

  long failed() {
    return failed;
  }

  long stallMillis() {
    return stallNanos / 1_000_000;
  }

  Set<String> errors() {
    return errors;
  }
}
