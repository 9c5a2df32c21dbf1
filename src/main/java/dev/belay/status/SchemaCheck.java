package dev.belay.status;

import dev.belay.postgres.Database;
import dev.belay.status.StateQueries.BrokenIndex;
import dev.belay.status.StateQueries.OpenConstraint;
import java.util.List;

/** Objects that a migration left half made: indexes not valid, constraints not validated. */
final class SchemaCheck implements StateCheck {
  private static final String INDEXES = "invalid-indexes";
  private static final String CONSTRAINTS = "not-validated-constraints";

  @Override
  public List<String> names() {
    return List.of(INDEXES, CONSTRAINTS);
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    Database database = context.database();
    return List.of(
        indexes(StateQueries.brokenIndexes(database)),
        constraints(StateQueries.openConstraints(database)));
  }

  private static CheckResult indexes(List<BrokenIndex> broken) {
    List<BrokenIndex> left = broken.stream().filter(index -> !index.beingBuilt()).toList();
    if (left.isEmpty()) {
      int building = broken.size();
      return CheckResult.passed(
          INDEXES, building == 0 ? "none" : "none, but " + building + " being built now");
    }
    return CheckResult.failed(
        INDEXES,
        left.size() + " that no query can use",
        left.stream().map(index -> index.index().plain() + " on " + index.table().plain()).toList(),
        "reindex index concurrently " + left.get(0).index());
  }

  private static CheckResult constraints(List<OpenConstraint> open) {
    if (open.isEmpty()) {
      return CheckResult.passed(CONSTRAINTS, "none");
    }
    return CheckResult.failed(
        CONSTRAINTS,
        open.size() + " never checked against the rows that were there",
        open.stream().map(each -> each.name() + " of " + each.table().plain()).toList(),
        "alter table %s validate constraint %s".formatted(open.get(0).table(), open.get(0).name()));
  }
}
