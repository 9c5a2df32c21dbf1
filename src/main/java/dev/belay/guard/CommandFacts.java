package dev.belay.guard;

import dev.belay.journal.Journal;
import dev.belay.journal.RunSessions;
import dev.belay.swap.GuardedRun;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the guarded command and the journal are told of one another. No secret is among it.
 *
 * @param shown the command, as it may be shown
 * @param backup the id of the backup from before; empty: none was made
 */
record CommandFacts(GuardedRun run, GuardRequest request, String shown, Optional<String> backup) {
  private static final String SESSIONS = "guard";

  /** What {@code pg_stat_activity} calls the command's sessions, where libpq names them. */
  static String sessions(GuardedRun run) {
    return RunSessions.name(run.run(), SESSIONS);
  }

  /**
   * Variables of the environment in which the command runs.
   *
   * @param environment of this program, which is the command's too
   */
  Map<String, String> toCommand(Map<String, String> environment) {
    Map<String, String> facts = new HashMap<>();
    facts.put("BELAY_GUARD_RUN", run.run().text());
    facts.put("BELAY_GUARD_NAME", request.name());
    facts.put("BELAY_GUARD_DATABASE", run.target().toString());
    facts.put("BELAY_GUARD_BACKUP", backup.orElse(""));
    if (environment.getOrDefault("PGAPPNAME", "").isEmpty()) {
      // So libpq's programs are known for the migration's own, also after a kill of this one.
      facts.put("PGAPPNAME", sessions(run));
    }
    return facts;
  }

  /** For whoever finds the journal when this run was killed while the command ran. */
  Map<String, String> toJournal() {
    String back =
        backup
            .map(
                id ->
                    "; for the state before: belay backup-restore %s --expect-writes".formatted(id))
            .orElse("; no backup was made before");
    Map<String, String> facts = new HashMap<>();
    facts.put("command", shown);
    backup.ifPresent(id -> facts.put("backup", id));
    facts.put(
        Journal.HINT,
        "the guarded command was running and may be still; see what it did with: belay verify-state"
            + back);
    return facts;
  }
}
