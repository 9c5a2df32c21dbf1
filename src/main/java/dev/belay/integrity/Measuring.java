package dev.belay.integrity;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sums up the pieces of tables in several sessions at once. For one use. */
final class Measuring {
  private static final String HINT = "run the command again";

  private final Queue<Piece> pieces;
  private final Progress.Bar bytes;
  private final Map<TableName, FingerprintQueries.Sum> sums = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
  private final List<Database> sessions = new ArrayList<>();

  Measuring(List<Piece> pieces, Progress.Bar bytes) {
    this.pieces =
        new ConcurrentLinkedQueue<>(
            pieces.stream().sorted(Comparator.comparingLong(Piece::bytes).reversed()).toList());
    this.bytes = bytes;
  }

  Map<TableName, Fingerprint> run(Supplier<Database> workers, int jobs) {
    int count = Math.min(Math.max(1, jobs), pieces.size());
    try {
      for (int worker = 0; worker < count; worker++) {
        sessions.add(workers.get());
      }
      if (count > 0) {
        work();
      }
    } finally {
      sessions.forEach(Database::close);
    }
    rethrow();
    Map<TableName, Fingerprint> answer = new TreeMap<>();
    sums.forEach(
        (table, sum) -> answer.put(table, new Fingerprint(sum.rows(), sum.hashes().toString())));
    return answer;
  }

  private void work() {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            sessions.size(),
            task -> {
              Thread thread = new Thread(task, "fingerprint");
              thread.setDaemon(true);
              return thread;
            });
    Cleanup.Pending stop = Cleanup.register(this::stop);
    try {
      sessions.forEach(session -> threads.execute(() -> takeTurns(session)));
      threads.shutdown();
      await(threads);
    } finally {
      stop.cancel();
    }
  }

  /** A session that was between two queries when it was told to stop is told again. */
  private void await(ExecutorService threads) {
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        if (!threads.awaitTermination(100, TimeUnit.MILLISECONDS) && first.get() != null) {
          sessions.forEach(Database::cancel);
        }
      } catch (InterruptedException ended) {
        interrupted = true;
        stop();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop() {
    first.compareAndSet(null, Failure.failed("the taking of fingerprints was interrupted", HINT));
    sessions.forEach(Database::cancel);
  }

  private void takeTurns(Database session) {
    Piece piece = null;
    try {
      FingerprintQueries.prepare(session);
      while (first.get() == null && (piece = pieces.poll()) != null) {
        sums.merge(
            piece.table().name(),
            FingerprintQueries.sum(session, piece),
            FingerprintQueries.Sum::plus);
        bytes.advance(piece.bytes());
      }
    } catch (Failure failure) {
      String table = piece == null ? "" : "table " + piece.table().name().plain();
      fail(table.isEmpty() ? failure : failure.about(table));
    } catch (Throwable broken) {
      fail(broken);
    }
  }

  private void fail(Throwable failure) {
    if (first.compareAndSet(null, failure)) {
      sessions.forEach(Database::cancel);
    }
  }

  private void rethrow() {
    Throwable failure = first.get();
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }
}
