package dev.belay.migrations;

import dev.belay.undo.LiveTable;

/**
 * Something that makes a migration risky.
 *
 * @param rule the name of its rule
 * @param what it is, with the names and numbers
 */
public record Risk(String rule, RiskLevel level, String what) {
  static Risk of(RiskRule rule, String what) {
    return new Risk(rule.id(), rule.level(), what);
  }

  static Risk mild(RiskRule rule, String what) {
    return new Risk(rule.id(), rule.mildLevel(), what);
  }

  static Risk bySize(RiskRule rule, LiveTable table, String what) {
    return new Risk(rule.id(), rule.level(table.size()), what);
  }
}
