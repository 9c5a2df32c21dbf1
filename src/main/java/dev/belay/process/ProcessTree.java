package dev.belay.process;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child and everything it started. Workers of a parallel dump outlive a killed leader and are
 * then no longer its descendants, so those seen before are remembered.
 */
final class ProcessTree {
  private static final long GRACE_MILLIS = 3000;

  private final ProcessHandle root;
  private final Set<ProcessHandle> seen = new LinkedHashSet<>();

  ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  /** Remembers what the child has started so far. */
  synchronized void observe() {
    root.descendants().forEach(seen::add);
  }

  /** Asks all of them to end, and ends by force what has not after three seconds. */
  void end() {
    observe();
    Set<ProcessHandle> all;
    synchronized (this) {
      all = new LinkedHashSet<>(seen);
    }
    all.add(root);
    all.forEach(ProcessHandle::destroy);
    for (ProcessHandle one : all) {
      await(one);
      if (one.isAlive()) {
        one.destroyForcibly();
      }
    }
  }

  private static void await(ProcessHandle process) {
    try {
      process.onExit().get(GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException stillThere) {
      // The caller looks whether it is alive.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
