package dev.belay.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.report.CheckTally;
import dev.belay.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How every check of verify-state ended.
 *
 * @param database as {@code database@host:port}
 * @param details one for each check, in the order in which they were asked
 * @param unreachable why the target cannot be reached; empty when it can
 */
@JsonPropertyOrder({
  "database",
  "overallStatus",
  "checksPassed",
  "checksWarned",
  "checksFailed",
  "checksNotChecked",
  "details"
})
public record VerifyStateReport(
    String database, List<CheckResult> details, @JsonIgnore Optional<Failure> unreachable)
    implements Report {
  public VerifyStateReport {
    details = List.copyOf(details);
  }

  /** How many checks passed. */
  @JsonProperty
  public long checksPassed() {
    return tally().passed();
  }

  /** How many checks have a warning. */
  @JsonProperty
  public long checksWarned() {
    return tally().warned();
  }

  /** How many checks failed. */
  @JsonProperty
  public long checksFailed() {
    return tally().failed();
  }

  /** How many checks could not be carried out. */
  @JsonProperty
  public long checksNotChecked() {
    return tally().notChecked();
  }

  /** {@code unreachable}, {@code failed}, {@code incomplete}, {@code warning} or {@code passed}. */
  @JsonProperty
  public String overallStatus() {
    return unreachable.isPresent() ? "unreachable" : tally().overall();
  }

  /** A finding wins over what could not be checked; nothing found but not all checked is no OK. */
  @Override
  public ExitCode exitCode() {
    return switch (overallStatus()) {
      case "unreachable", "incomplete" -> ExitCode.UNAVAILABLE;
      case "failed" -> ExitCode.FINDINGS;
      default -> ExitCode.OK;
    };
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("State of " + database);
    lines.add("");
    int width = details.stream().mapToInt(check -> check.name().length()).max().orElse(0);
    details.forEach(check -> lines.addAll(check.lines(width)));
    lines.add("");
    lines.add(tally().line(overallStatus()));
    return lines;
  }

  private CheckTally tally() {
    return CheckTally.of(details.stream().map(CheckResult::status).toList());
  }
}
