package dev.belay.backup;

import dev.belay.archive.Level;
import dev.belay.archive.StoredBackup;
import java.util.List;

/**
 * What an attempt to prove a backup came to.
 *
 * @param backup with the proofs that it has now
 * @param problems what is wrong with it, naming file or table; empty: nothing was found
 * @param notChecked why the wanted level could not be tried, or not wholly; empty: it was
 */
record Proven(StoredBackup backup, List<String> problems, List<String> notChecked) {
  Proven {
    problems = List.copyOf(problems);
    notChecked = List.copyOf(notChecked);
  }

  Level level() {
    return backup.state().level();
  }
}
