package dev.belay.emergency;

import dev.belay.undo.RehearsedUndo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last rehearsal of an undo, on a copy with data.
 *
 * @param undo null: these scripts were never rehearsed
 * @param old why it is too old to count for much; empty: it is not
 */
record LastRehearsal(@Nullable RehearsedUndo undo, Optional<String> old) {
  /** What was measured so says how it was, and less how it would be now. */
  String aged() {
    return old.map(why -> " (old: %s)".formatted(why)).orElse("");
  }
}
