package dev.belay.undo;

import java.util.List;
import java.util.Optional;

/**
 * What running the undo in a scratch database gave.
 *
 * @param differences in what the schema differs afterwards from what the migrations that stay give
 * @param reason why it fails, or why it could not be tried
 */
public record UndoProof(Verdict verdict, List<String> differences, Optional<String> reason) {
  public UndoProof {
    differences = List.copyOf(differences);
  }

  /** How it went. */
  public enum Verdict {
    /** The schema is as the migrations that stay make it. */
    PROVEN,
    /** The schema is another. */
    DIFFERS,
    /** A script fails. */
    FAILS,
    /** It could not be tried, such as when a migration's script is not here. */
    NOT_TRIED
  }
}
