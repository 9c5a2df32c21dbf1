package dev.belay.journal;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A migration that a run began in no transaction, and of which nobody wrote down how it ended: it
 * may be done, or half of it.
 *
 * @param script the name of its file; another app may have one of the same name
 * @param after the highest rank in Flyway's table before it was begun: a row of it with a higher
 *     one tells how it ended, whatever became of it later; empty: not known
 */
public record BegunOutside(String app, String script, OptionalInt after) {

  /**
   * Those of a target. A journal that was settled counts as well: settling mends nothing of this.
   * They are over when a backup from before them is brought back, and each when a later run applied
   * it.
   *
   * @param target {@code database@host:port}
   */
  public static Set<BegunOutside> on(String target, Path folder) {
    OutsideReplay replay = new OutsideReplay();
    for (JournalFile journal : JournalFile.in(folder, unreadable -> {})) {
      if (journal.header().target().equals(target) && !isAtWorkHere(journal)) {
        replay.read(journal);
      }
    }
    return replay.live();
  }

  private static boolean isAtWorkHere(JournalFile journal) {
    return journal.last().isEmpty()
        && journal.header().isOfThisMachine()
        && journal.header().mayBeRunning();
  }

  /** Whether both are about one migration, begun once or twice. */
  boolean isOf(BegunOutside other) {
    return app.equals(other.app) && script.equals(other.script);
  }
}
