package dev.belay.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other processes do, by looking and never by sleeping for a guessed time. */
public final class Children {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  /** A whole program has to come so far. */
  private static final long PATIENCE_WITH_PROGRAMS = TimeUnit.SECONDS.toNanos(120);

  private Children() {}

  /** Waits until the file is there with a whole line in it, and gives its lines. */
  public static List<String> awaitFile(Path file) {
    long deadline = System.nanoTime() + PATIENCE;
    while (true) {
      try {
        if (Files.exists(file) && Files.readString(file).endsWith("\n")) {
          return Files.readAllLines(file);
        }
      } catch (IOException cannot) {
        throw new UncheckedIOException(cannot);
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(file + " was not written");
      }
      pause();
    }
  }

  /** Waits until the file is there, which that process makes. */
  public static void awaitPresent(Path file, Process maker) {
    long deadline = System.nanoTime() + PATIENCE_WITH_PROGRAMS;
    while (!Files.exists(file)) {
      if (!maker.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError(file + " was not made");
      }
      pause();
    }
  }

  /** Waits until a JVM has a thread of that name; of a longer one it is the begin. */
  public static void awaitThread(Process jvm, String name) {
    long deadline = System.nanoTime() + PATIENCE_WITH_PROGRAMS;
    while (!threads(jvm.pid()).contains(name)) {
      if (!jvm.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("no thread " + name + " was seen");
      }
      pause();
    }
  }

  private static List<String> threads(long pid) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        names.add(Files.readString(task.resolve("comm")).strip());
      }
    } catch (IOException | DirectoryIteratorException gone) {
      // A thread that ended meanwhile; the caller looks again.
    }
    return names;
  }

  /** Fails unless every process whose id is a line of the file is dead, now or very soon. */
  public static void assertGone(Path pids) {
    awaitFile(pids).forEach(line -> assertGone(Long.parseLong(line.strip())));
  }

  /** Fails unless that process is dead, now or very soon. */
  public static void assertGone(long pid) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (isRunning(pid)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("process " + pid + " is still there");
      }
      pause();
    }
  }

  /** Between two looks: whoever spins takes the processor from what it waits for. */
  static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
  }

  /** A zombie that nobody has waited for yet does not run any more. */
  private static boolean isRunning(long pid) {
    try {
      String status = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return status.charAt(status.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException gone) {
      return false;
    }
  }
}
