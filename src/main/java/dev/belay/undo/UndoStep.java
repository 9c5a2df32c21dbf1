package dev.belay.undo;

import dev.belay.flyway.Migration;
import dev.belay.flyway.ParsedScript;
import java.util.List;
import java.util.Optional;

/**
 * One migration that is to go, and how.
 *
 * @param migration an applied one; a repeatable one has no script and is only recorded
 * @param script what takes it back; empty: there is nothing but a restore
 * @param parsed the script in statements; empty where there is none
 * @param notes what the operator should know, such as that the file on disk is another
 */
public record UndoStep(
    Migration migration,
    Optional<UndoScript> script,
    Optional<ParsedScript> parsed,
    List<String> notes) {
  public UndoStep {
    notes = List.copyOf(notes);
  }

  /** Whether it can run within a transaction. */
  public boolean isTransactional() {
    return script.map(UndoScript::transactional).orElse(true)
        && parsed.map(ParsedScript::isTransactional).orElse(true);
  }
}
