package dev.belay.verify;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was found, by kind.
 *
 * @param databaseConnection {@code passed}: an answer without one is a failure
 * @param tableCounts rows by table; null when they were not counted
 * @param foreignKeyIssues what the checks of foreign keys found
 * @param consistencyIssues what the other checks found
 * @param dataComparison with a backup; null when none was asked for
 * @param businessRuleIssues what the user's rules found
 */
record Details(
    String databaseConnection,
    @Nullable Map<String, Long> tableCounts,
    List<Issue> foreignKeyIssues,
    List<Issue> consistencyIssues,
    @Nullable DataComparison dataComparison,
    List<Issue> businessRuleIssues) {}
