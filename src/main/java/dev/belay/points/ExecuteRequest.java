package dev.belay.points;

import java.util.List;

/**
 * How a point is to be executed.
 *
 * @param patterns of tables; empty: all of the point
 * @param columnsCommon whether to go on with what both have where the shapes differ
 * @param triggers whether they fire
 * @param dryRun stop after the plan
 */
public record ExecuteRequest(
    ExecutionType type,
    List<String> patterns,
    boolean columnsCommon,
    boolean triggers,
    boolean dryRun) {
  public ExecuteRequest {
    patterns = List.copyOf(patterns);
  }
}
