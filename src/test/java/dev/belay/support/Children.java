package dev.belay.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What other processes wrote, and whether they are gone. */
public final class Children {
  private static final Duration VERY_SOON = Duration.ofSeconds(10);

  private Children() {}

  /** Waits until the file is there with a whole line in it, and gives its lines. */
  public static List<String> awaitFile(Path file) {
    return Await.first("a whole line in " + file, () -> wholeLines(file));
  }

  private static Optional<List<String>> wholeLines(Path file) {
    try {
      String text = Files.exists(file) ? Files.readString(file) : "";
      return text.endsWith("\n") ? Optional.of(text.lines().toList()) : Optional.empty();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Waits until a JVM has a thread of that name; of a longer one it is the begin. */
  public static void awaitThread(Process jvm, String name) {
    Await.until("a thread called " + name, () -> threads(jvm.pid()).contains(name), jvm);
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
    Await.within(VERY_SOON, "process " + pid + " is gone", () -> !isRunning(pid));
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
