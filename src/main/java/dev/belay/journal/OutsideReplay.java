package dev.belay.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What may be half done in the live database, in each that was replaced, and in each backup, as the
 * journals tell one after the other.
 */
final class OutsideReplay {
  private final Map<String, Set<BegunOutside>> replaced = new HashMap<>();
  private final List<Earlier> earlier = new ArrayList<>();
  private Set<BegunOutside> live = new HashSet<>();

  /**
   * What was half done until a run changed that.
   *
   * @param until when that run first did something that may change it
   */
  private record Earlier(Instant until, Set<BegunOutside> half) {}

  /** In the live database, after all that was read. */
  Set<BegunOutside> live() {
    return Set.copyOf(live);
  }

  /** Reads the next newer one. */
  void read(JournalFile journal) {
    Set<BegunOutside> before = Set.copyOf(live);
    // What is kept beside the live database is as half done as it was.
    done(journal).forEach(this::over);
    of(journal).ifPresent(this::half);
    // On a full disk such a step is missing, and the run ended well all the same.
    if (journal.has(Journal.SWAPPED)
        || (journal.has(Journal.SWAP_BEGUN) && journal.endedAs(Journal.OK))) {
      swapped(journal, before);
    } else if (isInstalledAsLive(journal)
        || journal.has(Journal.RESTORED_IN_PLACE)
        || (journal.has(Journal.IN_PLACE) && journal.endedAs(Journal.OK))) {
      live = restored(journal, before);
    }
    changedAt(journal).ifPresent(at -> earlier.add(new Earlier(at, before)));
  }

  private void half(BegunOutside begun) {
    over(begun);
    live.add(begun);
  }

  private void over(BegunOutside begun) {
    live.removeIf(begun::isOf);
  }

  /** One that was replaced comes back as it was; one that was restored is as its backup. */
  private void swapped(JournalFile journal, Set<BegunOutside> before) {
    Map<String, String> names = journal.facts(Journal.SWAP_BEGUN).orElse(Map.of());
    Set<BegunOutside> next = replaced.remove(names.getOrDefault(Journal.REPLACEMENT, ""));
    // A run that put back the backup from before ended well; what it left is in what is kept.
    unanswered(journal).ifPresent(this::half);
    replaced.put(names.getOrDefault(Journal.REPLACED, ""), live);
    live = next == null ? restored(journal, before) : new HashSet<>(next);
  }

  /**
   * A backup brings back what was half done when it was made. That of the run itself holds what it
   * found: what it began came after it.
   */
  private Set<BegunOutside> restored(JournalFile journal, Set<BegunOutside> before) {
    Set<BegunOutside> then =
        journal
            .takenAt()
            .map(
                taken ->
                    taken.isBefore(journal.header().at())
                        ? earlier.stream()
                            .filter(state -> state.until().isAfter(taken))
                            .findFirst()
                            .map(Earlier::half)
                            .orElse(before)
                        : before)
            .orElse(Set.of());
    return new HashSet<>(then);
  }

  /** A live database that was gone was made anew, under its name. */
  private static boolean isInstalledAsLive(JournalFile journal) {
    return journal
        .facts(Journal.INSTALLED)
        .map(facts -> facts.getOrDefault(Journal.DATABASE, ""))
        .filter(journal.header().target().replaceFirst("@[^@]*\\z", "")::equals)
        .isPresent();
  }

  private static Optional<Instant> changedAt(JournalFile journal) {
    return journal.entries().stream()
        .filter(
            entry ->
                entry.facts().containsKey(Journal.OUTSIDE)
                    || Journal.REPLACING.contains(entry.step()))
        .findFirst()
        .map(JournalEntry::at);
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
