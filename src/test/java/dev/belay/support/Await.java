package dev.belay.support;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for what others do, by looking again and again, and never by sleeping for a guessed time.
 * Between two looks it parks, since whoever spins takes the processor from what it waits for. What
 * does not come true within a minute and a half fails the test, and so does, at once, what cannot
 * come true any more; the failure names what was waited for.
 */
public final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

  private Await() {}

  /**
   * Waits until it is so.
   *
   * @param what stands in the failure behind "never: "
   */
  public static void until(String what, BooleanSupplier condition) {
    until(what, condition, Optional::empty);
  }

  /** Waits until it is so, but no longer than the process runs that is to make it so. */
  public static void until(String what, BooleanSupplier condition, Process unless) {
    until(what, condition, () -> ended(unless));
  }

  /** Waits until it is so, but no longer than the thread runs that is to make it so. */
  public static void until(String what, BooleanSupplier condition, Thread unless) {
    until(
        what,
        condition,
        () -> unless.isAlive() ? Optional.empty() : Optional.of(unless.getName() + " has ended"));
  }

  /** Waits until it is so, but no longer than what is to make it so goes on. */
  public static void until(String what, BooleanSupplier condition, Future<?> unless) {
    until(what, condition, () -> ended(unless));
  }

  /** The end says why it cannot be so any more, as soon as that is certain. */
  private static void until(
      String what, BooleanSupplier condition, Supplier<Optional<String>> end) {
    look(PATIENCE, what, () -> is(condition), end);
  }

  /** Waits until it is so, for as long as that at the most. */
  public static void within(Duration patience, String what, BooleanSupplier condition) {
    look(patience, what, () -> is(condition), Optional::empty);
  }

  /** Waits until there is one, and gives it, but no longer than what is to make it goes on. */
  public static <T> T first(String what, Supplier<Optional<T>> look, Future<?> unless) {
    return look(PATIENCE, what, look, () -> ended(unless));
  }

  /** Waits until there is one, and gives it. */
  public static <T> T first(String what, Supplier<Optional<T>> look) {
    return look(PATIENCE, what, look, Optional::empty);
  }

  /** Waits for as long as that until there is one, and gives it, while the process runs. */
  public static <T> T first(
      Duration patience, String what, Supplier<Optional<T>> look, Process unless) {
    return look(patience, what, look, () -> ended(unless));
  }

  /**
   * Does the work while the other goes on, and waits for that. Where both fail, the failure of the
   * other, which is often why, goes along with that of the work.
   */
  public static <T> T both(CompletableFuture<?> other, Supplier<T> work) {
    try {
      T done = work.get();
      other.join();
      return done;
    } catch (AssertionError | RuntimeException failed) {
      if (other.isCompletedExceptionally()) {
        other.exceptionally(
            why -> {
              if (why != failed) {
                failed.addSuppressed(why);
              }
              return null;
            });
      }
      throw failed;
    }
  }

  private static <T> T look(
      Duration patience, String what, Supplier<Optional<T>> look, Supplier<Optional<String>> end) {
    long begin = System.nanoTime();
    while (true) {
      // Asked before the look: what it did in its last moment counts.
      Optional<String> ended = end.get();
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (ended.isPresent()) {
        throw new AssertionError("never: " + what + "; " + ended.get());
      }
      if (System.nanoTime() - begin > patience.toNanos()) {
        throw new AssertionError("never: " + what + ", for " + patience.toSeconds() + " s");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while it waited for: " + what);
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private static Optional<Boolean> is(BooleanSupplier condition) {
    return condition.getAsBoolean() ? Optional.of(true) : Optional.empty();
  }

  private static Optional<String> ended(Process process) {
    return process.isAlive()
        ? Optional.empty()
        : Optional.of("the process ended with " + process.exitValue());
  }

  private static Optional<String> ended(Future<?> future) {
    if (!future.isDone()) {
      return Optional.empty();
    }
    String answer =
        future instanceof CompletableFuture<?> told
            ? String.valueOf(told.handle((value, thrown) -> thrown == null ? value : thrown).join())
            : future.toString();
    return Optional.of("what was to bring it ended with " + answer);
  }
}
