package dev.belay.journal;

import dev.belay.journal.AuditVerdict.Kind;
import dev.belay.journal.AuditVerdict.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Goes through the lines of an audit trail once, from the first, and keeps the first problem. */
final class AuditVerifying {
  private static final int MOST_NOTES = 20;

  private final Optional<String> keptHead;
  private final List<String> notes = new ArrayList<>();
  private long number;
  private long expected = 1;
  private String previous = AuditRecord.NONE;
  private @Nullable String torn;
  private boolean cut;
  private @Nullable Problem problem;
  private long missing;
  private @Nullable String head;
  private @Nullable Long keptHeadLine;

  AuditVerifying(Optional<String> keptHead) {
    this.keptHead = keptHead;
  }

  AuditVerdict run(AuditFile lines) throws IOException {
    for (byte[] bytes = lines.lineAfter(); bytes != null; bytes = lines.lineAfter()) {
      number++;
      line(bytes);
    }
    if (torn != null) {
      found(unreadable(number));
    }
    byte[] fragment = lines.fragment();
    if (fragment.length > 0) {
      number++;
      Optional<AuditLine> whole = AuditLine.read(fragment);
      if (whole.isPresent()) {
        judge(whole.get());
      } else {
        note(
            "line %d was cut while it was written; the next record will note it".formatted(number));
      }
    }
    if (problem == null && keptHead.isPresent() && keptHeadLine == null) {
      found(
          new Problem(
              Kind.HEAD_MISSING,
              number,
              "no line has the hash %s: the end was cut off, or all was written anew"
                  .formatted(keptHead.get())));
    }
    return new AuditVerdict(number, problem, head, keptHeadLine, notes);
  }

  private void line(byte[] bytes) {
    Optional<AuditLine> read = AuditLine.read(bytes);
    if (read.isEmpty()) {
      if (torn != null) {
        found(unreadable(number - 1));
      }
      // Whether a crash did that, the next line says.
      torn = AuditLine.mending(previous, bytes);
      cut = !endsAsALine(bytes);
      return;
    }
    judge(read.get());
  }

  private void judge(AuditLine line) {
    AuditRecord record = line.record();
    head = line.hash();
    if (keptHead.isPresent() && keptHead.get().equals(line.hash())) {
      keptHeadLine = number;
    }
    if (torn != null) {
      if (record.event().equals(AuditRecord.MENDED)
          && torn.equals(record.previous())
          && record.sequence() == expected) {
        note("line %d was cut by a crash, as line %d says".formatted(number - 1, number));
        previous = record.previous();
      } else {
        found(unreadable(number - 1));
      }
      torn = null;
    }
    if (problem == null) {
      place(record);
    } else if (missing > 0 && record.sequence() == missing) {
      problem =
          new Problem(
              Kind.REORDERED,
              problem.line(),
              "line %d is not at its place: record %d, which belongs there, is on line %d"
                  .formatted(problem.line(), missing, number));
      missing = 0;
    }
    expected = record.sequence() + 1;
    previous = line.lineHash();
  }

  private void place(AuditRecord record) {
    if (record.sequence() > expected) {
      missing = expected;
      found(
          new Problem(
              Kind.MISSING,
              number,
              "before line %d the %s missing"
                  .formatted(
                      number,
                      record.sequence() == expected + 1
                          ? "record %d is".formatted(expected)
                          : "records %d to %d are".formatted(expected, record.sequence() - 1))));
    } else if (record.sequence() < expected) {
      found(
          new Problem(
              Kind.REORDERED,
              number,
              "line %d is not at its place: it is record %d, and %d was to come"
                  .formatted(number, record.sequence(), expected)));
    } else if (!record.previous().equals(previous)) {
      found(
          new Problem(
              Kind.CHANGED,
              Math.max(1, number - 1),
              number == 1
                  ? "line 1 says that another line was before it"
                  : "line %d is not the one that line %d was written after"
                      .formatted(number - 1, number)));
    }
  }

  private static boolean endsAsALine(byte[] line) {
    return line.length > 0 && line[line.length - 1] == '}';
  }

  private Problem unreadable(long number) {
    return cut
        ? new Problem(Kind.CUT, number, "line %d does not go on to its end".formatted(number))
        : new Problem(Kind.CHANGED, number, "line %d is not as it was written".formatted(number));
  }

  private void found(Problem first) {
    if (problem == null) {
      problem = first;
    }
  }

  private void note(String note) {
    if (notes.size() < MOST_NOTES) {
      notes.add(note);
    }
  }
}
