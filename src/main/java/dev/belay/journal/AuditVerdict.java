package dev.belay.journal;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was found when every line of the audit trail was looked at.
 *
 * @param lines that are there
 * @param problem the first thing that is wrong; null: nothing
 * @param head the hash of the newest line; null: there is none
 * @param keptHeadLine the line with the hash that was kept elsewhere; null: none was given, or it
 *     is nowhere
 * @param notes what is no problem and should be known, such as a line that a crash cut
 */
public record AuditVerdict(
    long lines,
    @Nullable Problem problem,
    @Nullable String head,
    @Nullable Long keptHeadLine,
    List<String> notes) {
  public AuditVerdict {
    notes = List.copyOf(notes);
  }

  /** What can be wrong. */
  public enum Kind {
    /** A line is not as it was written. */
    CHANGED,
    /** A line does not go on to its end. */
    CUT,
    /** A line is not there. */
    MISSING,
    /** A line is not at its place. */
    REORDERED,
    /** The hash that was kept elsewhere is that of no line. */
    HEAD_MISSING
  }

  /**
   * The first thing that is wrong.
   *
   * @param line from 1
   * @param words one sentence without its full stop
   */
  public record Problem(Kind kind, long line, String words) {}

  static AuditVerdict empty(Optional<String> keptHead) {
    return new AuditVerdict(
        0,
        keptHead
            .map(
                head ->
                    new Problem(
                        Kind.HEAD_MISSING,
                        0,
                        "there is no line, and so none with the hash " + head))
            .orElse(null),
        null,
        null,
        List.of());
  }
}
