package dev.belay.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A child and everything it started. Workers of a parallel dump outlive a killed leader and are
 * then no longer its descendants, so those seen before are remembered, and on Linux the others are
 * found by a variable in their environment.
 */
final class ProcessTree {
  private static final String MARK = "BELAY_CHILD";
  private static final long LOOK_MILLIS = 10;
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long DEATH_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final String mark = UUID.randomUUID().toString();
  private final Set<ProcessHandle> seen = new LinkedHashSet<>();
  private @Nullable ProcessHandle root;
  private boolean ended;

  /**
   * Starts the child. Never once the tree was ended, so that none is left behind by a signal that
   * arrives at this very moment.
   */
  synchronized Process start(ProcessBuilder builder) throws IOException {
    if (ended) {
      throw new IOException("belay is being ended");
    }
    builder.environment().put(MARK, mark);
    Process process = builder.start();
    root = process.toHandle();
    return process;
  }

  /** Remembers what the child has started so far. */
  synchronized void observe() {
    if (root != null) {
      root.descendants().forEach(seen::add);
    }
  }

  /** Asks all of them to end, and ends by force what has not after three seconds. */
  void end() {
    synchronized (this) {
      ended = true;
    }
    Set<ProcessHandle> asked = living();
    asked.forEach(ProcessHandle::destroy);
    await(asked, GRACE_NANOS);
    // Looked for again: one that was being started meanwhile was not asked.
    Set<ProcessHandle> left = living();
    left.forEach(ProcessHandle::destroyForcibly);
    await(left, DEATH_NANOS);
  }

  /** The child, and what it has started so far, dead or alive. */
  synchronized Set<ProcessHandle> seen() {
    observe();
    Set<ProcessHandle> all = new LinkedHashSet<>(seen);
    if (root != null) {
      all.add(root);
    }
    return all;
  }

  /** Sends a signal to the child alone, such as {@code TERM}; what it does with it is its own. */
  synchronized void send(String signal) {
    if (root == null || !root.isAlive()) {
      return;
    }
    try {
      new ProcessBuilder("kill", "-s", signal, String.valueOf(root.pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException noSuchProgram) {
      root.destroy();
    }
  }

  /** What of it runs still. */
  Set<ProcessHandle> living() {
    observe();
    Set<ProcessHandle> all = new LinkedHashSet<>();
    synchronized (this) {
      if (root != null) {
        all.add(root);
      }
      all.addAll(seen);
    }
    ProcessHandle.allProcesses().filter(this::isMarked).forEach(all::add);
    all.removeIf(process -> !runs(process));
    return all;
  }

  private boolean isMarked(ProcessHandle process) {
    try {
      byte[] environment = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ"));
      return new String(environment, StandardCharsets.ISO_8859_1).contains(MARK + "=" + mark);
    } catch (IOException notOurs) {
      return false;
    }
  }

  /** Whether it does anything any more: what waits only for its parent to notice does not. */
  private static boolean runs(ProcessHandle process) {
    if (!process.isAlive()) {
      return false;
    }
    try {
      String status =
          new String(
              Files.readAllBytes(Path.of("/proc/" + process.pid() + "/stat")),
              StandardCharsets.ISO_8859_1);
      int state = status.lastIndexOf(')') + 2;
      return state >= status.length() || status.charAt(state) != 'Z';
    } catch (IOException notLinux) {
      return process.isAlive();
    }
  }

  /** Looks by itself: the JDK sees the end of a process that is not its child seconds later. */
  private static void await(Set<ProcessHandle> processes, long nanos) {
    long deadline = System.nanoTime() + nanos;
    while (processes.stream().anyMatch(ProcessTree::runs) && System.nanoTime() < deadline) {
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
