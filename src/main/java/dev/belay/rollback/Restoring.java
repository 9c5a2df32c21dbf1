package dev.belay.rollback;

import dev.belay.core.Failure;
import java.io.Serial;

/** Thrown where a failed undo is to be answered by bringing the backup back. */
final class Restoring extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Failure broken;

  Restoring(Failure broken) {
    super(broken);
    this.broken = broken;
  }

  Failure broken() {
    return broken;
  }
}
