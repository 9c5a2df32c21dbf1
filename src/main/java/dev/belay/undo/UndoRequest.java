package dev.belay.undo;

import java.nio.file.Path;
import java.util.List;

/**
 * What is to be undone.
 *
 * @param app the app's name
 * @param migration as the operator names it
 * @param preferred which script counts where the ledger and the disk have different ones
 * @param generate whether a generated undo may be used where there is no script
 * @param jars jars with Java migrations, for the replay
 */
public record UndoRequest(
    String app,
    String migration,
    Reach reach,
    Preferred preferred,
    boolean generate,
    List<Path> jars) {
  public UndoRequest {
    jars = List.copyOf(jars);
  }

  /** How far an undo goes. */
  public enum Reach {
    /** That migration, and all that were applied after it. */
    DOWN_FROM,
    /** All that were applied after that one, which stays. */
    DOWN_TO,
    /** That one alone, when nothing needs it. */
    ONLY
  }

  /** Where an undo script is taken from when there are several. */
  public enum Preferred {
    LEDGER,
    DISK
  }
}
