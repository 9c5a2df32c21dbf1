package dev.belay.diff;

import java.util.ArrayList;
import java.util.List;

/** Hands differences on some hundreds at a time. */
final class Gathering {
  private static final int AT_ONCE = 500;

  private final DifferenceSink sink;
  private final List<Difference> waiting = new ArrayList<>(AT_ONCE);

  Gathering(DifferenceSink sink) {
    this.sink = sink;
  }

  void found(Difference difference) {
    waiting.add(difference);
    if (waiting.size() >= AT_ONCE) {
      flush();
    }
  }

  /** Hands on what waits. */
  void flush() {
    if (!waiting.isEmpty()) {
      List<Difference> some = List.copyOf(waiting);
      waiting.clear();
      sink.accept(some);
    }
  }
}
