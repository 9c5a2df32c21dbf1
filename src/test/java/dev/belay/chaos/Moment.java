package dev.belay.chaos;

import dev.belay.support.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * When it strikes: at a named moment of the program, which waits there meanwhile, or after some
 * time.
 */
final class Moment {
  private final String point;
  private final long millis;
  private final Path held;

  private Moment(String point, long millis, Path held) {
    this.point = point;
    this.millis = millis;
    this.held = held;
  }

  /**
   * By chance.
   *
   * @param points the names of fail points
   * @param held a file by which the program is held
   */
  static Moment of(Random chance, List<String> points, Path held) {
    String point = points.get(chance.nextInt(points.size()));
    long millis = 300L + chance.nextInt(1_700);
    return new Moment(chance.nextInt(4) > 0 ? point : "", millis, held);
  }

  /** The name of the fail point; empty: it is a time. */
  String point() {
    return point;
  }

  /** Arms the program. */
  Program arm(Program program) {
    return point.isEmpty()
        ? program
        : program.with(
            "JAVA_TOOL_OPTIONS",
            "-Dbelay.failpoint=%s -Dbelay.failpoint.held=%s".formatted(point, held));
  }

  /**
   * Waits for it.
   *
   * @return false: the program was done before
   */
  boolean await(Process belay) throws InterruptedException {
    if (point.isEmpty()) {
      return !belay.waitFor(millis, TimeUnit.MILLISECONDS);
    }
    while (!Files.exists(held)) {
      if (belay.waitFor(1, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  /** Lets the program go on. */
  void release() {
    try {
      Files.deleteIfExists(held);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  @Override
  public String toString() {
    return point.isEmpty() ? "after %d ms".formatted(millis) : "at " + point;
  }
}
