package dev.belay.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.CheckStatus;
import dev.belay.report.CheckTally;
import dev.belay.report.JunitSuite;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How every check of verify-integrity ended.
 *
 * @param database as {@code database@host:port}
 * @param tables how many were looked at
 * @param counts rows by table; null when they were not counted
 * @param issues every check and rule, in the order in which they are shown
 * @param comparison with a backup; null when none was asked for
 * @param notes what else is to be known
 * @param warningsFail whether findings that are warnings count as findings for the exit code
 */
@JsonPropertyOrder({
  "database",
  "overallStatus",
  "checksPassed",
  "checksWarned",
  "checksFailed",
  "checksNotChecked",
  "pace",
  "details",
  "notChecked",
  "checks",
  "notes"
})
record IntegrityReport(
    String database,
    PaceChoice pace,
    long tables,
    @JsonIgnore @Nullable Map<String, Long> counts,
    @JsonIgnore List<Issue> issues,
    @JsonIgnore @Nullable DataComparison comparison,
    @ToPaste List<String> notes,
    @JsonIgnore boolean warningsFail)
    implements Report {

  /** How every check ended, in short. */
  @JsonProperty
  public List<CheckLine> checks() {
    return Stream.concat(
            issues.stream().map(CheckLine::of),
            Optional.ofNullable(comparison).stream().map(CheckLine::of))
        .toList();
  }

  /** How many checks passed. */
  @JsonProperty
  public long checksPassed() {
    return tally().passed();
  }

  /** How many checks found something that is only a warning. */
  @JsonProperty
  public long checksWarned() {
    return tally().warned();
  }

  /** How many checks found something. */
  @JsonProperty
  public long checksFailed() {
    return tally().failed();
  }

  /** How many checks could not, or not wholly, be carried out, and found nothing. */
  @JsonProperty
  public long checksNotChecked() {
    return tally().notChecked();
  }

  /** {@code failed}, {@code incomplete}, {@code warning} or {@code passed}. */
  @JsonProperty
  public String overallStatus() {
    if (checksFailed() > 0) {
      return "failed";
    }
    if (!notChecked().isEmpty()) {
      return "incomplete";
    }
    return checksWarned() > 0 ? "warning" : "passed";
  }

  /** What was found, by kind. */
  @JsonProperty
  public Details details() {
    List<Issue> found =
        issues.stream()
            .filter(
                issue ->
                    issue.status() == CheckStatus.FAILED || issue.status() == CheckStatus.WARNING)
            .toList();
    return new Details(
        "passed",
        counts,
        found.stream()
            .filter(issue -> issue.group().equals("checks"))
            .filter(issue -> issue.check().startsWith("foreign-key-"))
            .toList(),
        found.stream()
            .filter(issue -> issue.group().equals("checks"))
            .filter(issue -> !issue.check().startsWith("foreign-key-"))
            .toList(),
        comparison,
        found.stream().filter(issue -> issue.group().equals("rules")).toList());
  }

  /** Everything of which it is not known whether it keeps a promise. */
  @JsonProperty
  public List<NotChecked> notChecked() {
    List<NotChecked> all = new ArrayList<>();
    for (Issue issue : issues) {
      issue
          .notChecked()
          .forEach(
              one -> all.add(new NotChecked(issue.check(), one.what(), one.reason(), one.hint())));
    }
    if (comparison != null && comparison.notCompared() != null) {
      all.add(
          new NotChecked(
              Selection.COMPARISON,
              comparison.notCompared().what(),
              comparison.notCompared().reason(),
              comparison.notCompared().hint()));
    }
    return all;
  }

  /** A finding wins over what could not be checked; nothing found but not all checked is no OK. */
  @Override
  public ExitCode exitCode() {
    return switch (overallStatus()) {
      case "failed" -> ExitCode.FINDINGS;
      case "incomplete" ->
          warningsFail && checksWarned() > 0 ? ExitCode.FINDINGS : ExitCode.UNAVAILABLE;
      case "warning" -> warningsFail ? ExitCode.FINDINGS : ExitCode.OK;
      default -> ExitCode.OK;
    };
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(TextTable.visible("Integrity of " + database));
    lines.add(pace.line());
    String rows =
        counts == null
            ? ""
            : " with "
                + Units.count(
                    counts.values().stream().mapToLong(Long::longValue).sum(), "row", "rows");
    lines.add("data: " + Units.count(tables, "table", "tables") + rows);
    lines.add("");
    int width = checks().stream().map(CheckLine::check).mapToInt(String::length).max().orElse(0);
    issues.forEach(issue -> lines.addAll(issue.lines(width)));
    if (comparison != null) {
      lines.addAll(comparison.lines(width));
    }
    lines.add("");
    notes.forEach(note -> lines.add(TextTable.visible("note: " + note)));
    lines.add(tally().line(overallStatus()));
    return lines;
  }

  @Override
  public Optional<JunitSuite> junit() {
    List<JunitSuite.Case> cases = new ArrayList<>();
    issues.forEach(issue -> cases.add(issue.testCase(warningsFail)));
    if (comparison != null) {
      cases.add(comparison.testCase());
    }
    return Optional.of(
        new JunitSuite(
            "belay verify-integrity " + database,
            cases,
            List.of("database=" + database, "pace=" + pace.line())));
  }

  private CheckTally tally() {
    return CheckTally.of(checks().stream().map(CheckLine::status).toList());
  }

  /** Rows by the table's name for people; where two have one, quoted as for SQL. */
  static Map<String, Long> named(Map<dev.belay.core.TableName, Long> rows) {
    Map<String, Long> named = new LinkedHashMap<>();
    rows.forEach(
        (table, number) ->
            named.put(named.containsKey(table.plain()) ? table.toString() : table.plain(), number));
    return named;
  }
}
