package dev.belay.journal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What may be half done in the live database, and in each that was replaced, as the journals tell
 * one after the other.
 */
final class OutsideReplay {
  private final Map<String, Set<BegunOutside>> replaced = new HashMap<>();
  private Set<BegunOutside> live = new HashSet<>();

  /** In the live database, after all that was read. */
  Set<BegunOutside> live() {
    return Set.copyOf(live);
  }

  /** Reads the next newer one. */
  void read(JournalFile journal) {
    // What is kept beside the live database is as half done as it was.
    done(journal).forEach(live::remove);
    of(journal).ifPresent(live::add);
    // On a full disk such a step is missing, and the run ended well all the same.
    if (journal.has(Journal.SWAPPED)
        || (journal.has(Journal.SWAP_BEGUN) && journal.endedAs(Journal.OK))) {
      swapped(journal);
    } else if (journal.has(Journal.RESTORED_IN_PLACE)
        || (journal.has(Journal.IN_PLACE) && journal.endedAs(Journal.OK))) {
      live.clear();
    }
  }

  /** One that was replaced comes back as it was; one that was restored just now has nothing. */
  private void swapped(JournalFile journal) {
    Map<String, String> names = journal.facts(Journal.SWAP_BEGUN).orElse(Map.of());
    Set<BegunOutside> next = replaced.remove(names.getOrDefault(Journal.REPLACEMENT, ""));
    // A run that put back the backup from before ended well; what it left is in what is kept.
    unanswered(journal).ifPresent(live::add);
    replaced.put(names.getOrDefault(Journal.REPLACED, ""), live);
    live = next == null ? new HashSet<>() : next;
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
        .filter(begun -> !begun.script().isEmpty());
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
