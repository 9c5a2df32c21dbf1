package dev.belay.incident;

import dev.belay.journal.AuditRecord;
import dev.belay.journal.Journal;
import dev.belay.journal.JournalEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened in a run and when, from everything that was written about it. */
final class RunTimeline {
  /** More are counted. */
  static final int MOST = 600;

  private final RunFiles files;
  private final List<Happening> all = new ArrayList<>();

  RunTimeline(RunFiles files) {
    this.files = files;
  }

  /** Oldest first. */
  List<Happening> happenings() {
    all.clear();
    files.records().forEach(this::audited);
    files.journals().forEach(this::journalled);
    files.samples().forEach(this::marked);
    files.kept().forEach(kept -> begins(kept.operation()));
    files
        .kept()
        .forEach(
            kept ->
                kept.operation()
                    .told()
                    .forEach(
                        told ->
                            add(told.at(), null, "people are told: " + told.title(), List.of())));
    all.sort(Comparator.comparing(Happening::at));
    if (all.size() > MOST) {
      // The end matters most.
      List<Happening> kept = new ArrayList<>(all.subList(0, MOST / 3));
      int from = all.size() - MOST * 2 / 3;
      kept.add(
          new Happening(
              all.get(MOST / 3).at(),
              null,
              "%,d more steps, which are not shown".formatted(from - MOST / 3),
              List.of()));
      kept.addAll(all.subList(from, all.size()));
      return kept;
    }
    return all;
  }

  /** The audit trail begins when a plan was agreed to; until then something may have gone on. */
  private void begins(KeptOperation operation) {
    boolean planned =
        files.records().stream()
            .anyMatch(record -> record.event().equals(AuditRecord.BEGUN) && record.plan() != null);
    if (planned) {
      add(operation.startedAt(), null, "belay " + operation.command() + " begins", List.of());
    }
  }

  private void audited(AuditRecord record) {
    switch (record.event()) {
      case AuditRecord.BEGUN ->
          add(
              record.at(),
              null,
              record.plan() == null
                  ? "belay " + record.command() + " begins"
                  : "the plan of belay " + record.command() + " was agreed to",
              record.arguments() == null
                  ? List.of()
                  : List.of(new Fact("command line", record.arguments())));
      case AuditRecord.AGREED -> add(record.at(), null, "another plan was agreed to", List.of());
      case AuditRecord.RECOVERED ->
          add(
              record.at(),
              null,
              "what killed runs left was put right",
              record.message() == null ? List.of() : List.of(new Fact("done", record.message())));
      case AuditRecord.ENDED ->
          add(
              record.at(),
              null,
              "belay %s ends: %s".formatted(record.command(), outcome(record)),
              List.of());
      default -> {
        // Notes of the trail about itself.
      }
    }
  }

  private static String outcome(AuditRecord record) {
    return record.outcome()
        + (record.exitStatus() == null ? "" : " (exit status " + record.exitStatus() + ")");
  }

  private void journalled(JournalFile journal) {
    List<JournalEntry> entries = journal.entries();
    String hint = "";
    for (int at = 0; at < entries.size(); at++) {
      JournalEntry entry = entries.get(at);
      boolean end =
          entry.step().equals(JournalEntry.ENDED) || entry.step().equals(JournalEntry.SETTLED);
      Long took = null;
      if (!end && at + 1 < entries.size() && !isSettled(entries.get(at + 1))) {
        took = Duration.between(entry.at(), entries.get(at + 1).at()).toMillis();
      }
      Map<String, String> facts = new HashMap<>(entry.facts());
      String its = facts.getOrDefault(Journal.HINT, "");
      if (journal.end().isPresent() || its.equals(hint)) {
        // It says what to do if it was killed there.
        facts.remove(Journal.HINT);
      }
      hint = its;
      add(entry.at(), took, words(entry), facts(facts));
    }
  }

  private static boolean isSettled(JournalEntry entry) {
    return entry.step().equals(JournalEntry.SETTLED);
  }

  private static String words(JournalEntry entry) {
    return switch (entry.step()) {
      case JournalEntry.ENDED -> "the journal is ended";
      case JournalEntry.SETTLED -> "what it left was put right by another run";
      default -> entry.step().replace('-', ' ');
    };
  }

  private static List<Fact> facts(Map<String, String> facts) {
    return facts.entrySet().stream()
        // An empty one takes back an earlier one, and tells a person nothing.
        .filter(fact -> !fact.getValue().isEmpty())
        .sorted(Map.Entry.comparingByKey())
        .map(fact -> new Fact(fact.getKey(), fact.getValue()))
        .toList();
  }

  /** A step that the journal has too is the same one. */
  private void marked(Samples samples) {
    for (Samples.Mark mark : samples.marks()) {
      Instant at = samples.firstAt().plusMillis(mark.at());
      boolean known =
          all.stream()
              .anyMatch(
                  other ->
                      other.what().equals(mark.step().replace('-', ' '))
                          && Duration.between(other.at(), at).abs().toMillis() < 1_000);
      if (!known) {
        add(at, null, mark.step(), List.of());
      }
    }
  }

  private void add(Instant at, @Nullable Long took, String what, List<Fact> facts) {
    all.add(new Happening(at, took, what, facts));
  }
}
