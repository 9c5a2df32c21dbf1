package dev.belay.migrate;

import dev.belay.journal.Journal;
import dev.belay.process.ShellWords;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the journal tells whoever finds it when a run of {@code migrate} was killed.
 *
 * @param app whose migrations are applied
 * @param backup the id of the backup that was made before; empty: none yet
 */
record JournalHints(String app, Optional<String> backup) {
  /** The hint for most of it, as facts of a step. */
  Map<String, String> facts() {
    return Map.of(Journal.HINT, goOn());
  }

  /** For a run that was killed while it was at work. */
  String goOn() {
    return "what is applied says: %s; go on with: %s%s"
        .formatted(
            ShellWords.join(List.of("belay", "list-migrations", app)),
            ShellWords.join(List.of("belay", "migrate", app)),
            back());
  }

  /** For a run that was killed in a migration outside a transaction: what that did stays. */
  String outside() {
    return "it runs in no transaction, so that it may be done, or half of it, and not be in Flyway's table: look with: "
        + ShellWords.join(List.of("belay", "validate-schema", app))
        + back();
  }

  /** For a run that was killed after all was applied. */
  String applied() {
    return "all that was pending is applied; whether all is well say: belay validate-schema, belay verify-integrity"
        + back();
  }

  private String back() {
    return backup.map(id -> "; for the state before: belay backup-restore " + id).orElse("");
  }
}
