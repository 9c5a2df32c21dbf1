package dev.belay.journal;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A migration that a run began in no transaction, and of which nobody wrote down how it ended: it
 * may be done, or half of it.
 *
 * @param script the name of its file; another app may have one of the same name
 */
public record BegunOutside(String app, String script) {
  private static final String UNDO_RESTORE = "undo-restore";

  /**
   * Those of a target. A journal that was settled counts as well: settling mends nothing of this.
   * They are over with a restore of the whole database, and each when a later run applied it.
   *
   * @param target {@code database@host:port}
   */
  public static Set<BegunOutside> on(String target, Path folder) {
    Set<BegunOutside> live = new HashSet<>();
    Set<BegunOutside> replaced = new HashSet<>();
    for (JournalFile journal : JournalFile.in(folder, unreadable -> {})) {
      if (!journal.header().target().equals(target) || isAtWorkHere(journal)) {
        continue;
      }
      // What is kept beside the live database is as half done as it was.
      done(journal).forEach(live::remove);
      of(journal).ifPresent(live::add);
      if (journal.has(Journal.SWAPPED) && journal.header().command().equals(UNDO_RESTORE)) {
        live.addAll(replaced);
      } else if (journal.has(Journal.SWAPPED)) {
        replaced.addAll(live);
        live.clear();
      } else if (journal.has(Journal.IN_PLACE) && journal.endedAs(Journal.OK)) {
        live.clear();
      }
    }
    return Set.copyOf(live);
  }

  private static boolean isAtWorkHere(JournalFile journal) {
    return journal.last().isEmpty()
        && journal.header().isOfThisMachine()
        && journal.header().mayBeRunning();
  }

  /** What ended otherwise than incomplete has looked whether the database is as it should be. */
  private static boolean isKnown(JournalFile journal) {
    return journal.last().filter(end -> end.step().equals(JournalEntry.ENDED)).isPresent()
        && !journal.endedAs(Journal.INCOMPLETE);
  }

  private static Optional<BegunOutside> of(JournalFile journal) {
    return isKnown(journal) ? Optional.empty() : unanswered(journal);
  }

  /** The last that was begun, if nothing that came after it tells how it ended. */
  private static Optional<BegunOutside> unanswered(JournalFile journal) {
    return journal.begunOutside().stream()
        .reduce((older, newer) -> newer)
        .filter(begun -> !begun.script.isEmpty());
  }

  /**
   * What went through, whatever an older run left of it: the next one is begun only then. A run
   * that failed put back what was there before it, and that may have been half done.
   */
  private static List<BegunOutside> done(JournalFile journal) {
    if (journal.endedAs(Journal.FAILED)) {
      return List.of();
    }
    Optional<BegunOutside> open = of(journal);
    return journal.begunOutside().stream()
        .filter(begun -> open.filter(begun::equals).isEmpty())
        .toList();
  }
}
