package dev.belay.monitor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Something that is being watched. Its methods never throw, and may be called by any thread. */
public final class Monitoring implements AutoCloseable {
  Monitoring() {}

  /** A step begins now; it is written among the samples. */
  public void mark(String step) {}

  /** An error was seen that nobody logs. */
  public void error() {}

  /** A warning was seen that nobody logs. */
  public void warning() {}

  /** Where the samples are; empty when they cannot be kept. */
  public Optional<Path> file() {
    return Optional.empty();
  }

  /** Ends it within some seconds. The second time it says the same. */
  public MonitorSummary finish() {
    return new MonitorSummary(
        0, null, null, null, null, null, 0, 0, 0, 0, null, null, null, null, null, null, null, null,
        "", null, List.of());
  }

  /** Ends it. */
  @Override
  public void close() {
    finish();
  }
}
