package dev.belay.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.report.CheckStatus;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one check of verify-state found.
 *
 * @param name its name for ever, such as {@code pending-migrations}
 * @param summary one line
 * @param findingCount how many findings there are
 * @param findings the first of them
 * @param fix what to do about them; null when there is nothing to do
 */
public record CheckResult(
    String name,
    CheckStatus status,
    String summary,
    long findingCount,
    List<String> findings,
    @ToPaste @Nullable String fix) {
  /** How many findings are shown of those that there are. */
  public static final int SHOWN = 10;

  public CheckResult {
    findings = List.copyOf(findings.subList(0, Math.min(SHOWN, findings.size())));
  }

  /** Nothing is wrong. */
  public static CheckResult passed(String name, String summary) {
    return new CheckResult(name, CheckStatus.PASSED, summary, 0, List.of(), null);
  }

  /** Something that the operator should know, though no promise is broken. */
  public static CheckResult warning(
      String name, String summary, List<String> findings, String fix) {
    return new CheckResult(name, CheckStatus.WARNING, summary, findings.size(), findings, fix);
  }

  /** Something is wrong. */
  public static CheckResult failed(String name, String summary, List<String> findings, String fix) {
    return new CheckResult(name, CheckStatus.FAILED, summary, findings.size(), findings, fix);
  }

  /** Whether anything is wrong is not known. */
  public static CheckResult notChecked(String name, String reason, String fix) {
    return new CheckResult(name, CheckStatus.NOT_CHECKED, reason, 0, List.of(), fix);
  }

  /** The check for a person: one line, its findings and the fix below it. */
  @JsonIgnore
  List<String> lines(int nameWidth) {
    List<String> lines = new ArrayList<>();
    String head = "%-4s  %-" + nameWidth + "s  %s";
    lines.add(head.formatted(status.mark(), name, TextTable.visible(summary)).stripTrailing());
    findings.forEach(finding -> lines.add("        " + TextTable.visible(finding)));
    if (findingCount > findings.size()) {
      lines.add("        … and " + (findingCount - findings.size()) + " more");
    }
    if (fix != null && status != CheckStatus.PASSED) {
      lines.add("      fix: " + TextTable.visible(fix));
    }
    return lines;
  }
}
