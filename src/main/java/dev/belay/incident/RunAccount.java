package dev.belay.incident;

import dev.belay.core.Units;
import dev.belay.journal.AuditRecord;
import dev.belay.journal.Journal;
import dev.belay.journal.JournalEntry;
import dev.belay.journal.JournalHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts together what is known of one run: who, what, when, how it ended, and what was decided. */
final class RunAccount {
  private final RunFiles files;
  private final @Nullable AuditRecord begun;
  private final @Nullable AuditRecord ended;
  private final @Nullable KeptOperation kept;
  private final @Nullable JournalHeader header;

  RunAccount(RunFiles files) {
    this.files = files;
    this.begun = last(AuditRecord.BEGUN);
    this.ended = last(AuditRecord.ENDED);
    this.kept = files.kept().isEmpty() ? null : files.kept().get(0).operation();
    this.header = files.journals().isEmpty() ? null : files.journals().get(0).header();
  }

  private @Nullable AuditRecord last(String event) {
    return files.records().stream()
        .filter(record -> record.event().equals(event))
        .reduce((older, newer) -> newer)
        .orElse(null);
  }

  Account account() {
    KeptOperation.Ended end = kept == null ? null : kept.ended();
    List<String> missing = new ArrayList<>(files.missing());
    missing.addAll(notFound());
    return new Account(
        "Operation",
        title(),
        files.run(),
        verdict(),
        facts(),
        error(end),
        next(),
        new RunTimeline(files).happenings(),
        files.samples(),
        kept == null ? List.of() : kept.plans(),
        new Decisions(files, arguments()).all(),
        end == null ? List.of() : end.remarks(),
        kept == null ? List.of() : kept.told(),
        files.sent(),
        end == null ? List.of() : end.lines(),
        end == null ? null : end.answer(),
        files.log(),
        files.sources(),
        missing);
  }

  private String title() {
    String command = command();
    String target = target();
    return target.isEmpty() ? "belay " + command : "belay %s on %s".formatted(command, target);
  }

  private String command() {
    if (kept != null) {
      return kept.command();
    }
    if (begun != null) {
      return begun.command();
    }
    if (header != null) {
      return header.command();
    }
    return files.samples().isEmpty()
        ? "(an unknown command)"
        : files.samples().get(0).begin().path("command").asString("(an unknown command)");
  }

  private String target() {
    if (begun != null && begun.target() != null) {
      return begun.target();
    }
    if (header != null) {
      return header.target();
    }
    return kept == null ? "" : kept.database();
  }

  private Verdict verdict() {
    AuditRecord end = ended;
    if (end != null && end.outcome() != null) {
      return Verdict.of(end.outcome(), end.exitStatus(), end.databaseChanged());
    }
    KeptOperation.Ended keptEnd = kept == null ? null : kept.ended();
    if (keptEnd != null) {
      return Verdict.of(keptEnd.outcome(), keptEnd.exitStatus(), keptEnd.databaseChanged());
    }
    Optional<JournalEntry> journalEnd =
        files.journals().stream()
            .flatMap(journal -> journal.end().stream())
            .reduce((older, newer) -> newer);
    if (journalEnd.isPresent() && journalEnd.get().step().equals(JournalEntry.SETTLED)) {
      return Verdict.open(
          "Not ended: killed. What it left was put right later, by run %s."
              .formatted(journalEnd.get().facts().getOrDefault("by", "of an unknown name")));
    }
    if (journalEnd.isPresent()) {
      String outcome = journalEnd.get().facts().getOrDefault("outcome", "an unknown outcome");
      return Verdict.neutral("Its journal says how it ended: " + outcome + ".");
    }
    return withoutEnd();
  }

  private Verdict withoutEnd() {
    boolean here = true;
    boolean running = false;
    if (begun != null) {
      here = begun.isOfThisMachine();
      running = begun.mayBeRunning();
    } else if (header != null) {
      here = header.isOfThisMachine();
      running = header.mayBeRunning();
    } else if (kept == null) {
      return Verdict.neutral("Only what the monitor saw is known.");
    }
    if (!here) {
      return Verdict.neutral(
          "No end is on record. It ran on another machine, and only there it is known whether it still does.");
    }
    return running
        ? Verdict.neutral("Not ended: it is still running.")
        : Verdict.open(
            "Not ended: killed. The timeline says how far it came; the database may have been changed.");
  }

  private List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("database", target().isEmpty() ? "none" : target()));
    if (begun != null && begun.databaseUser() != null) {
      facts.add(new Fact("as", begun.databaseUser()));
    }
    if (begun != null) {
      facts.add(
          new Fact("by", "%s@%s, process %d".formatted(begun.user(), begun.host(), begun.pid())));
    } else if (header != null) {
      facts.add(
          new Fact(
              "by", "%s@%s, process %d".formatted(header.user(), header.host(), header.pid())));
    }
    start().ifPresent(at -> facts.add(new Fact("begun", Units.moment(at))));
    if (ended != null) {
      facts.add(new Fact("ended", Units.moment(ended.at())));
    }
    Long took = took();
    if (took != null) {
      facts.add(new Fact("took", Units.duration(Duration.ofMillis(took))));
    }
    facts.add(new Fact("run", files.run()));
    return facts;
  }

  /** The audit trail has when the plan was agreed to, which is later. */
  private Optional<Instant> start() {
    List<Instant> known = new ArrayList<>();
    if (begun != null) {
      known.add(begun.at());
    }
    if (kept != null) {
      known.add(kept.startedAt());
    }
    if (known.isEmpty() && header != null) {
      known.add(header.at());
    }
    return known.stream()
        .min(Comparator.naturalOrder())
        .or(() -> files.samples().stream().findFirst().map(Samples::firstAt));
  }

  private @Nullable Long took() {
    if (ended != null && ended.durationMillis() != null) {
      return ended.durationMillis();
    }
    KeptOperation.Ended end = kept == null ? null : kept.ended();
    return end == null ? null : end.durationMillis();
  }

  private KeptOperation.@Nullable Problem error(KeptOperation.@Nullable Ended end) {
    if (end != null && end.error() != null) {
      return end.error();
    }
    if (ended != null && ended.message() != null) {
      return new KeptOperation.Problem(
          ended.message(),
          verdict().words(),
          "see what the database is like with: belay verify-state");
    }
    return null;
  }

  /** What journals of runs that were killed, or that left something, say is to be done. */
  private List<String> next() {
    Set<String> next = new LinkedHashSet<>();
    for (JournalFile journal : files.journals()) {
      if (journal.end().isEmpty()) {
        journal.entries().stream()
            .flatMap(entry -> Optional.ofNullable(entry.facts().get(Journal.HINT)).stream())
            .reduce((older, newer) -> newer)
            .ifPresent(next::add);
      }
    }
    boolean settled = files.journals().stream().anyMatch(journal -> journal.end().isPresent());
    if (ended == null
        && (kept == null || kept.ended() == null)
        && !settled
        && verdict().mood().equals("open")) {
      next.add("see what the database is like with: belay verify-state");
    }
    return List.copyOf(next);
  }

  private String arguments() {
    if (begun != null && begun.arguments() != null) {
      return begun.arguments();
    }
    return kept == null ? "" : kept.arguments();
  }

  private List<String> notFound() {
    List<String> missing = new ArrayList<>();
    if (files.records().isEmpty()) {
      missing.add("the audit trail has nothing about this run");
    }
    if (files.journals().isEmpty()) {
      missing.add("there is no journal: the operation needs none, or it was removed");
    }
    if (kept == null && !files.unreadable().isEmpty()) {
      files
          .unreadable()
          .forEach(
              file ->
                  missing.add(
                      "its plan and its answer are in a form that this belay cannot read, of a newer one or damaged: "
                          + file));
    } else if (kept == null) {
      missing.add(
          "its plan and its answer were not kept: it is older than the newest %d, or of an older belay"
              .formatted(KeptOperations.MOST));
    } else if (kept.plans().isEmpty()) {
      missing.add("there was no plan to agree to");
    }
    if (kept != null && kept.operation() > KeptOperation.VERSION) {
      missing.add("what was kept of it is of a newer belay: what is not known here is left out");
    }
    if (files.samples().isEmpty()) {
      missing.add("nothing was measured while it ran");
    }
    return missing;
  }
}
