package dev.belay.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.Units;
import dev.belay.integrity.CheckResult;
import dev.belay.integrity.Finding;
import dev.belay.integrity.Severity;
import dev.belay.integrity.Unchecked;
import dev.belay.report.CheckStatus;
import dev.belay.report.JunitSuite;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of one check.
 *
 * @param check its id
 * @param group whether it comes with Belay (checks) or is of the user's (rules)
 * @param complaint what is wrong when it finds something
 * @param owner who is to be told; null: nobody is named
 * @param count how many rows of data or objects break the promise, all of them
 * @param findingCount how many findings there are, those that are not shown included
 * @param findings the first of them
 * @param notCheckedCount how many things could not be checked
 * @param notChecked the first of them
 * @param fix what to do about a finding; null: the check does not say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Issue(
    String check,
    String group,
    CheckStatus status,
    Severity severity,
    String complaint,
    @Nullable String owner,
    long count,
    long findingCount,
    List<Finding> findings,
    long notCheckedCount,
    List<Unchecked> notChecked,
    @ToPaste @Nullable String fix,
    long durationMillis) {

  static Issue of(CheckResult result, String group) {
    return new Issue(
        result.check().id(),
        group,
        status(result),
        result.check().severity(),
        result.check().complaint(),
        result.check().owner().orElse(null),
        result.count(),
        result.findingCount(),
        result.findings(),
        result.uncheckedCount(),
        result.unchecked(),
        result.check().hint().orElse(null),
        result.duration().toMillis());
  }

  private static CheckStatus status(CheckResult result) {
    if (result.findingCount() > 0) {
      return result.check().severity() == Severity.ERROR ? CheckStatus.FAILED : CheckStatus.WARNING;
    }
    return result.uncheckedCount() > 0 ? CheckStatus.NOT_CHECKED : CheckStatus.PASSED;
  }

  /** Whether all of it was looked at. */
  @JsonIgnore
  boolean complete() {
    return notCheckedCount == 0;
  }

  /** The check for a person: one line, what it found, what it could not check. */
  @JsonIgnore
  List<String> lines(int nameWidth) {
    List<String> lines = new ArrayList<>();
    String head = ("%-4s  %-" + nameWidth + "s  %s").formatted(status.mark(), check, summary());
    lines.add(TextTable.visible(head.stripTrailing()));
    findings.forEach(finding -> lines.add(TextTable.visible("        " + line(finding))));
    if (findingCount > findings.size()) {
      lines.add("        … and " + Units.count(findingCount - findings.size()) + " more");
    }
    for (Unchecked one : notChecked) {
      lines.add(TextTable.visible("        not checked: " + line(one)));
    }
    if (notCheckedCount > notChecked.size()) {
      lines.add("        … and " + Units.count(notCheckedCount - notChecked.size()) + " more");
    }
    if (findingCount > 0 && fix != null) {
      lines.add(TextTable.visible("      fix: " + fix));
    } else if (!notChecked.isEmpty()) {
      lines.add(TextTable.visible("      fix: " + notChecked.get(0).hint()));
    }
    return lines;
  }

  private String summary() {
    String told = owner == null ? "" : " (owner: " + owner + ")";
    return switch (status) {
      case PASSED -> "";
      case NOT_CHECKED -> complaint.isEmpty() ? "" : "could not be checked whether: " + complaint;
      default -> Units.count(count) + ": " + complaint + told;
    };
  }

  private static String line(Unchecked one) {
    return one.what().isEmpty() ? one.reason() : one.what() + ": " + one.reason();
  }

  /** {@code public.orders, constraint orders_customer_fkey, 17 rows, such as …}. */
  static String line(Finding finding) {
    List<String> words = new ArrayList<>();
    String schema = finding.place().get("schema");
    for (Map.Entry<String, @Nullable String> column : finding.place().entrySet()) {
      String value = column.getValue();
      boolean object = List.of("table", "view", "sequence").contains(column.getKey());
      if (column.getKey().equals("schema") && value != null) {
        if (finding.place().keySet().stream()
            .noneMatch(List.of("table", "view", "sequence")::contains)) {
          words.add("schema " + value);
        }
      } else if (object && schema != null && value != null && words.isEmpty()) {
        words.add(schema + "." + value);
      } else {
        words.add(column.getKey() + " " + (value == null ? "null" : value));
      }
    }
    if (!finding.examples().isEmpty()) {
      words.add(
          Units.count(finding.rows(), "row", "rows")
              + (finding.examples().size() < finding.rows() ? ", such as " : ": ")
              + String.join(" ", finding.examples()));
    } else if (finding.rows() != 1) {
      words.add(Units.count(finding.rows(), "row", "rows"));
    }
    return String.join(", ", words);
  }

  /**
   * The check as a test case.
   *
   * @param warningsFail whether a warning fails it
   */
  JunitSuite.Case testCase(boolean warningsFail) {
    boolean fails = status == CheckStatus.FAILED || (warningsFail && status == CheckStatus.WARNING);
    List<String> lines = new ArrayList<>();
    lines.add(
        Units.count(count) + ": " + complaint + (owner == null ? "" : " (owner: " + owner + ")"));
    findings.forEach(finding -> lines.add(line(finding)));
    if (findingCount > findings.size()) {
      lines.add("… and " + Units.count(findingCount - findings.size()) + " more");
    }
    if (fix != null) {
      lines.add("fix: " + fix);
    }
    List<String> missing = new ArrayList<>();
    notChecked.forEach(one -> missing.add("not checked: " + line(one)));
    if (!notChecked.isEmpty()) {
      missing.add("fix: " + notChecked.get(0).hint());
    }
    return new JunitSuite.Case(
        "belay." + group,
        check,
        java.time.Duration.ofMillis(durationMillis),
        fails ? Optional.of(lines) : Optional.empty(),
        missing.isEmpty() ? Optional.empty() : Optional.of(missing),
        status == CheckStatus.WARNING && !fails ? lines : List.of());
  }
}
