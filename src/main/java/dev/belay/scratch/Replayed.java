package dev.belay.scratch;

import dev.belay.core.Target;

/** A database in which migrations were replayed, and what they did. */
public final class Replayed implements AutoCloseable {
  private final Target target;
  private final Recording recording;
  private final Runnable end;

  Replayed(Target target, Recording recording, Runnable end) {
    this.target = target;
    this.recording = recording;
    this.end = end;
  }

  /** The database. Nothing may be changed in it: it may be kept for later. */
  public Target target() {
    return target;
  }

  /** What was recorded. */
  public Recording recording() {
    return recording;
  }

  /** Drops the database, unless it is kept. */
  @Override
  public void close() {
    end.run();
  }
}
