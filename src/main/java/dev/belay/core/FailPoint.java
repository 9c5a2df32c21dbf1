package dev.belay.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Named moments at which a test may kill the program as {@code kill -9} would, or hold it while it
 * does something else to it. Armed only by the system property {@code belay.failpoint}; otherwise
 * it costs one comparison with an empty text.
 */
public final class FailPoint {
  private static final String ARMED = System.getProperty("belay.failpoint", "");

  /** The file that is there while the program is held; empty: it is killed. */
  private static final String HELD_BY = System.getProperty("belay.failpoint.held", "");

  private static final AtomicBoolean MET = new AtomicBoolean();

  private FailPoint() {}

  /**
   * When {@code name} is armed, ends the program at once, with status 137 and without any clean-up;
   * or, the first time, makes a file and waits until somebody removes it.
   */
  public static void reached(String name) {
    if (!ARMED.equals(name)) {
      return;
    }
    if (HELD_BY.isEmpty()) {
      Runtime.getRuntime().halt(137);
    }
    if (MET.compareAndSet(false, true)) {
      hold(Path.of(HELD_BY));
    }
  }

  private static void hold(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException cannot) {
      throw new IllegalStateException("cannot hold at a fail point: " + cannot, cannot);
    }
    while (Files.exists(file)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
