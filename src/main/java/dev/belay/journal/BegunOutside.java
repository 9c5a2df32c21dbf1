package dev.belay.journal;

import java.nio.file.Path;
import java.util.HashSet;
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
   * They are over with a restore of the whole database.
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
  private static Optional<BegunOutside> of(JournalFile journal) {
    boolean known =
        journal.last().filter(end -> end.step().equals(JournalEntry.ENDED)).isPresent()
            && !journal.endedAs(Journal.INCOMPLETE);
    return known
        ? Optional.empty()
        : journal.entries().stream()
            .map(JournalEntry::facts)
            .filter(facts -> facts.containsKey(Journal.OUTSIDE))
            .reduce((older, newer) -> newer)
            .map(
                facts ->
                    new BegunOutside(
                        facts.getOrDefault(Journal.APP, ""),
                        facts.getOrDefault(Journal.OUTSIDE, "")))
            .filter(begun -> !begun.script.isEmpty());
  }
}
