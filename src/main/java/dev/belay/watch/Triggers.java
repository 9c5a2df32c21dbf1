package dev.belay.watch;

import dev.belay.core.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pulls triggers in a thread of their own, one after the other, while the watch goes on. */
final class Triggers implements AutoCloseable {
  /** More than these are not kept: a watch may run for months. */
  private static final int MOST = 1000;

  private final List<Trigger> triggers;
  private final CountDownLatch over;
  private final List<Trigger.Pulled> done = new ArrayList<>();
  private final List<Future<?>> running = new ArrayList<>();
  private volatile @Nullable Failure broken;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "triggers");
            made.setDaemon(true);
            return made;
          });

  /**
   * @param over counted down when the watch has to end
   */
  Triggers(List<Trigger> triggers, CountDownLatch over) {
    this.triggers = List.copyOf(triggers);
    this.over = over;
  }

  /**
   * Those that a breach of that pulls.
   *
   * @param before whether it was beyond its limit when the watch began, so that nothing shows what
   *     brought it there
   */
  List<Trigger> concerned(Measure measure, boolean before) {
    return triggers.stream()
        .filter(each -> each.concerns(measure) && !(before && each.endsTheWatch()))
        .toList();
  }

  /** Whether there is one that would undo something. */
  boolean canUndo(Measure measure) {
    return triggers.stream().anyMatch(each -> each.endsTheWatch() && each.concerns(measure));
  }

  static String words(List<Trigger> triggers) {
    return triggers.stream().map(Trigger::words).collect(Collectors.joining("; "));
  }

  /**
   * Pulls these, soon.
   *
   * @param still whether the breach is not over meanwhile
   */
  void pull(List<Trigger> concerned, Breach breach, BooleanSupplier still) {
    running.removeIf(Future::isDone);
    running.add(thread.submit(() -> concerned.forEach(each -> pull(each, breach, still))));
  }

  private void pull(Trigger trigger, Breach breach, BooleanSupplier still) {
    if (over.getCount() == 0) {
      // A rollback was made: what would come after it is not meant any more.
      return;
    }
    try {
      Trigger.Pulled pulled = trigger.pull(breach, still);
      synchronized (done) {
        if (done.size() < MOST) {
          done.add(pulled);
        }
      }
      if (trigger.endsTheWatch() && pulled.changed()) {
        over.countDown();
      }
    } catch (Failure failure) {
      broken = failure;
      over.countDown();
    } catch (RuntimeException | Error defect) {
      broken = Failure.unexpected(defect);
      over.countDown();
    }
  }

  /** Whether the database is another one by now. */
  boolean changed() {
    return done().stream().anyMatch(Trigger.Pulled::changed);
  }

  /** What was done so far. */
  List<Trigger.Pulled> done() {
    synchronized (done) {
      return List.copyOf(done);
    }
  }

  /**
   * Waits for those that are being pulled.
   *
   * @throws Failure of the one that left the database neither as it was nor as it should be
   */
  void await() throws InterruptedException {
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (ExecutionException defect) {
        throw Failure.unexpected(defect);
      }
    }
    Failure failure = broken;
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
