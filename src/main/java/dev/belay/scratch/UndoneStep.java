package dev.belay.scratch;

import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;

/** A copy of a replayed database in which an undo script was run. */
public final class UndoneStep implements AutoCloseable {
  private final Databases databases;
  private final ScratchDatabase copy;
  private final ReplayStep step;

  UndoneStep(Databases databases, ScratchDatabase copy, ReplayStep step) {
    this.databases = databases;
    this.copy = copy;
    this.step = step;
  }

  /** What became of the undo script. */
  public ReplayStep step() {
    return step;
  }

  /** A session with the copy, to read. The caller closes it. */
  public Database open() {
    return databases.open(copy.target());
  }

  /** Drops the copy. */
  @Override
  public void close() {
    copy.close();
  }
}
