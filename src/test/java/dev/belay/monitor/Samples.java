package dev.belay.monitor;

import dev.belay.monitor.MonitorLine.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** What a file of samples holds, while it is being written. */
final class Samples {
  private Samples() {}

  static List<MonitorLine> lines(Path file) {
    List<MonitorLine> lines = new ArrayList<>();
    MonitorFile.read(file, lines::add);
    return lines;
  }

  static List<Sample> of(Path file) {
    return lines(file).stream().filter(Sample.class::isInstance).map(Sample.class::cast).toList();
  }

  /** Waits until there is such a sample after the first {@code after} of them, and gives it. */
  static Sample await(Path file, int after, String what, Predicate<Sample> wanted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      List<Sample> samples = of(file);
      for (Sample sample : samples.subList(Math.min(after, samples.size()), samples.size())) {
        if (wanted.test(sample)) {
          return sample;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no sample: " + what + "; there are " + samples);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
