package dev.belay.monitor;

import dev.belay.monitor.MonitorLine.Sample;
import dev.belay.support.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    return Await.first(what, () -> of(file).stream().skip(after).filter(wanted).findFirst());
  }
}
