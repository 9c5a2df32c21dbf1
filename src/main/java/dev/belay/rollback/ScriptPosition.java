package dev.belay.rollback;

import dev.belay.journal.Journal;
import java.util.Map;
import java.util.Optional;

/**
 * Where an undo is in its scripts, as the journal has it.
 *
 * @param script its name
 * @param statement its number, or those from the first to the last
 * @param of how many there are
 * @param line of the statement, from 1
 */
record ScriptPosition(String script, String statement, int of, int line) {
  /** Of a whole script that is one transaction. */
  static ScriptPosition whole(String script, int statements) {
    return new ScriptPosition(script, statements == 1 ? "1" : "1-" + statements, statements, 1);
  }

  /**
   * What is written down before it is done.
   *
   * @param backup the id of the backup that was made before; empty: none
   */
  Map<String, String> before(Optional<String> backup) {
    return with("may be done, wholly or in part", backup);
  }

  /**
   * What is written down when it is done.
   *
   * @param backup the id of the backup that was made before; empty: none
   */
  Map<String, String> after(Optional<String> backup) {
    return with("and what comes before it is done", backup);
  }

  private Map<String, String> with(String what, Optional<String> backup) {
    return Map.of(
        "script",
        script,
        "statement",
        statement,
        "of",
        String.valueOf(of),
        "line",
        String.valueOf(line),
        Journal.HINT,
        "statement %s of %d of %s, line %d, %s%s"
            .formatted(
                statement,
                of,
                script,
                line,
                what,
                backup
                    .map(id -> "; for the state before: belay backup-restore " + id)
                    .orElse("; see the state with: belay list-migrations")));
  }
}
