package dev.belay.rollback;

import dev.belay.undo.UndoLoss;
import java.io.Serial;
import java.util.List;

/**
 * Thrown where the scripts destroyed what nobody had foreseen and exported: everything is rolled
 * back, and begun again with these known.
 */
final class Unforeseen extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  @SuppressWarnings("serial")
  private final List<UndoLoss> losses;

  Unforeseen(List<UndoLoss> losses) {
    super("losses that were not foreseen", null, false, false);
    this.losses = List.copyOf(losses);
  }

  List<UndoLoss> losses() {
    return losses;
  }
}
