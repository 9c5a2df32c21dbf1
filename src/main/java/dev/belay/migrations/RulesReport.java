package dev.belay.migrations;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.undo.TableSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rules of check-migrations.
 *
 * @param middleBytes from here on a table is of middling size
 * @param largeBytes from here on a table is large
 */
public record RulesReport(List<Rule> rules, long middleBytes, long largeBytes) implements Report {
  public RulesReport {
    rules = List.copyOf(rules);
  }

  /** One rule. */
  public record Rule(String rule, String levels, String why) {}

  /** All of them. */
  static RulesReport all() {
    return new RulesReport(
        Arrays.stream(RiskRule.values())
            .map(rule -> new Rule(rule.id(), rule.levels(), rule.why()))
            .toList(),
        TableSize.MIDDLE_BYTES,
        TableSize.LARGE_BYTES);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    TextTable table = new TextTable("RULE", "RISK", "WHY");
    rules.forEach(rule -> table.row(rule.rule(), rule.levels(), rule.why()));
    List<String> lines = new ArrayList<>(table.lines());
    lines.add("");
    lines.add(
        "By size: of the live table with its indexes, below %s, below %s, or larger"
            .formatted(Units.bytes(middleBytes), Units.bytes(largeBytes)));
    return lines;
  }
}
