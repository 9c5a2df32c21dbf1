package dev.belay.core;

import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Does several things at the same time. The first that fails ends the others. */
public final class Together {
  private static final int MINUTES_TO_END = 1;

  private Together() {}

  /**
   * Runs the tasks, each in a thread of its own, and returns when all have ended. When one fails,
   * or this thread is interrupted, the others are interrupted.
   *
   * @param what they are for, in words: "the backup"
   * @throws Failure FAILED when this thread is interrupted; whatever the first task threw that
   *     failed
   */
  public static void run(String what, List<Runnable> tasks) {
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, tasks.size()));
    try {
      CompletionService<Object> done = new ExecutorCompletionService<>(threads);
      tasks.forEach(task -> done.submit(task, what));
      for (int ended = 0; ended < tasks.size(); ended++) {
        outcome(done.take());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.failed(what + " was interrupted", "run it again when you are ready");
    } finally {
      threads.shutdownNow();
      awaitEnd(threads);
    }
  }

  private static void outcome(Future<Object> ended) throws InterruptedException {
    try {
      ended.get();
    } catch (ExecutionException broken) {
      if (broken.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (broken.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(broken.getCause());
    }
  }

  /** Also when this thread was interrupted: what the tasks use is closed by the caller. */
  private static void awaitEnd(ExecutorService threads) {
    boolean interrupted = Thread.interrupted();
    try {
      threads.awaitTermination(MINUTES_TO_END, TimeUnit.MINUTES);
    } catch (InterruptedException again) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
