package dev.belay.migrate;

import dev.belay.journal.Journal;
import dev.belay.monitor.Monitoring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The phases of a run: how long each took, written to the journal and among the samples. */
final class Phases {
  private final List<Timed> done = new ArrayList<>();
  private @Nullable Journal journal;
  private @Nullable Monitoring monitoring;

  /**
   * A phase that is over.
   *
   * @param millis how long it took
   */
  record Timed(String phase, long millis) {}

  /** From here on each phase is on the disk before it begins. */
  void writtenTo(Journal book) {
    journal = book;
  }

  /** From here on each phase is marked among the samples. */
  void markedIn(@Nullable Monitoring watched) {
    monitoring = watched;
  }

  /** Does the work of a phase. */
  <T> T in(String phase, Supplier<T> work) {
    return in(phase, Map.of(), work);
  }

  /**
   * The same.
   *
   * @param facts for whoever finds the journal of a run that was killed in it
   */
  <T> T in(String phase, Map<String, String> facts, Supplier<T> work) {
    if (journal != null) {
      journal.step(phase, facts);
    }
    if (monitoring != null) {
      monitoring.mark(phase);
    }
    long begun = System.nanoTime();
    try {
      return work.get();
    } finally {
      done.add(new Timed(phase, (System.nanoTime() - begun) / 1_000_000));
    }
  }

  /** What is over, in order. */
  List<Timed> done() {
    return List.copyOf(done);
  }
}
