package dev.belay.incident;

import dev.belay.journal.AuditRecord;
import dev.belay.journal.JournalEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From when to when a run was at work, with a little around it.
 *
 * @param from a second before the first thing that is known of it
 * @param to after the last one: somewhat longer where it was killed
 */
record Span(Instant from, Instant to) {
  private static final Duration BEFORE = Duration.ofSeconds(1);
  private static final Duration AFTER_END = Duration.ofSeconds(3);
  private static final Duration AFTER_DEATH = Duration.ofSeconds(30);
  private static final Duration A_DAY = Duration.ofDays(1);

  /** Null: nothing is known of when it was. */
  static @Nullable Span of(
      List<JournalFile> journals,
      List<AuditRecord> records,
      List<RunFiles.KeptFile> kept,
      List<Samples> samples) {
    List<Instant> known = new ArrayList<>();
    boolean ended = false;
    for (AuditRecord record : records) {
      known.add(record.at());
      ended |= record.event().equals(AuditRecord.ENDED);
    }
    for (RunFiles.KeptFile file : kept) {
      known.add(file.operation().startedAt());
      KeptOperation.Ended end = file.operation().ended();
      if (end != null && end.at() != null) {
        known.add(end.at());
        ended = true;
      }
    }
    for (JournalFile journal : journals) {
      known.add(journal.header().at());
      journal.entries().stream()
          .filter(entry -> !entry.step().equals(JournalEntry.SETTLED))
          .forEach(entry -> known.add(entry.at()));
    }
    for (Samples read : samples) {
      known.add(read.firstAt().plusMillis(read.from()));
      known.add(read.firstAt().plusMillis(read.to()));
    }
    // What could not be read stands as the beginning of 1970.
    known.removeIf(moment -> moment.isBefore(Instant.EPOCH.plus(A_DAY)));
    if (known.isEmpty()) {
      return null;
    }
    Instant first = known.stream().min(Instant::compareTo).orElseThrow();
    Instant last = known.stream().max(Instant::compareTo).orElseThrow();
    return new Span(first.minus(BEFORE), last.plus(ended ? AFTER_END : AFTER_DEATH));
  }
}
