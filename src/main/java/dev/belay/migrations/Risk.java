package dev.belay.migrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.undo.LiveTable;
import java.util.Optional;

/**
 * Something that makes a migration risky.
 *
 * @param rule the name of its rule
 * @param what it is, with the names and numbers
 * @param table the live table whose rows are read or written; empty where it is about none
 */
public record Risk(
    String rule, RiskLevel level, String what, @JsonIgnore Optional<LiveTable> table) {
  Risk(String rule, RiskLevel level, String what) {
    this(rule, level, what, Optional.empty());
  }

  static Risk of(RiskRule rule, String what) {
    return new Risk(rule.id(), rule.level(), what);
  }

  static Risk of(RiskRule rule, LiveTable table, String what) {
    return new Risk(rule.id(), rule.level(), what, Optional.of(table));
  }

  static Risk mild(RiskRule rule, String what) {
    return new Risk(rule.id(), rule.mildLevel(), what);
  }

  static Risk bySize(RiskRule rule, LiveTable table, String what) {
    return new Risk(rule.id(), rule.level(table.size()), what, Optional.of(table));
  }

  /** Whether it is of that rule. */
  public boolean isOf(RiskRule wanted) {
    return rule.equals(wanted.id());
  }
}
