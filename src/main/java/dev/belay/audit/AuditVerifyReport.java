package dev.belay.audit;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.journal.AuditVerdict;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the audit trail is one chain.
 *
 * @param problem the first thing that is wrong; null: nothing
 * @param head the hash of the newest line; null: there is none
 * @param keptHeadLine where the hash that was kept elsewhere is; null: none was given, or nowhere
 */
record AuditVerifyReport(
    String file,
    boolean unbroken,
    long lineCount,
    AuditVerdict.@Nullable Problem problem,
    @Nullable String head,
    @Nullable Long keptHeadLine,
    @ToPaste List<String> notes)
    implements Report {

  static AuditVerifyReport of(String file, AuditVerdict verdict) {
    return new AuditVerifyReport(
        file,
        verdict.problem() == null,
        verdict.lines(),
        verdict.problem(),
        verdict.head(),
        verdict.keptHeadLine(),
        verdict.notes());
  }

  @Override
  public ExitCode exitCode() {
    return unbroken ? ExitCode.OK : ExitCode.FINDINGS;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("trail: " + TextTable.visible(file));
    lines.add("lines: " + Units.count(lineCount));
    AuditVerdict.Problem found = problem;
    if (found == null) {
      lines.add("chain: unbroken");
    } else {
      lines.add("chain: BROKEN (%s): %s".formatted(found.kind(), found.words()));
    }
    if (keptHeadLine != null) {
      lines.add("kept:  the hash that was kept is that of line " + keptHeadLine);
    }
    notes.forEach(note -> lines.add("note:  " + note));
    if (head != null) {
      lines.add("head:  " + head);
      if (keptHeadLine == null) {
        lines.add(
            "note:  keep the head elsewhere: only with it, --verify --head <hash>, is it shown that"
                + " no line was cut off the end");
      }
    }
    return lines;
  }
}
