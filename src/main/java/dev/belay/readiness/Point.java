package dev.belay.readiness;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.report.CheckStatus;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that must be well for going back, as it was found.
 *
 * @param value what was found, one line
 * @param limit what would be well, one line; empty where there is no number to it
 * @param findings what exactly is not well, at most {@value #SHOWN} of them
 * @param findingCount how many there are
 * @param hint what to do about it; null when there is nothing to do
 */
public record Point(
    Topic name,
    CheckStatus status,
    String value,
    String limit,
    List<String> findings,
    long findingCount,
    @ToPaste @Nullable String hint) {
  /** How many findings are shown of those that there are. */
  public static final int SHOWN = 10;

  public Point {
    findings = List.copyOf(findings.subList(0, Math.min(SHOWN, findings.size())));
  }

  /** It is well. */
  public static Point passed(Topic name, String value, String limit) {
    return new Point(name, CheckStatus.PASSED, value, limit, List.of(), 0, null);
  }

  /** It does not stop anybody from going back, but should be known. */
  public static Point warning(
      Topic name, String value, String limit, List<String> findings, String hint) {
    return new Point(name, CheckStatus.WARNING, value, limit, findings, findings.size(), hint);
  }

  /** It stands in the way. */
  public static Point failed(
      Topic name, String value, String limit, List<String> findings, String hint) {
    return new Point(name, CheckStatus.FAILED, value, limit, findings, findings.size(), hint);
  }

  /** It could not be looked at. */
  public static Point notChecked(Topic name, String why, @Nullable String hint) {
    return new Point(name, CheckStatus.NOT_CHECKED, why, "", List.of(), 0, hint);
  }

  /** The point for a person: one line, its findings and the hint below it. */
  @JsonIgnore
  List<String> lines(int nameWidth) {
    List<String> lines = new ArrayList<>();
    String head = "%-4s  %-" + nameWidth + "s  %s";
    String text = value + (limit.isEmpty() ? "" : " (" + limit + ")");
    lines.add(head.formatted(status.mark(), name.word(), TextTable.visible(text)).stripTrailing());
    findings.forEach(finding -> lines.add("        " + TextTable.visible(finding)));
    if (findingCount > findings.size()) {
      lines.add("        … and " + (findingCount - findings.size()) + " more");
    }
    if (hint != null && status != CheckStatus.PASSED) {
      lines.add("      fix: " + TextTable.visible(hint));
    }
    return lines;
  }
}
