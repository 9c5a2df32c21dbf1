package dev.belay.export;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.TablePattern;
import dev.belay.dataset.ExportedTable;
import dev.belay.diff.Policy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the operator asked for.
 *
 * @param app whose tables of the export; empty: those of all
 * @param patterns of tables; empty: all of them
 * @param columnsCommon whether to go on with what both have where the shapes differ
 * @param triggers whether they fire
 * @param batchRows rows of one transaction; empty: everything is one
 * @param checked whether the export must have a checksum that fits
 * @param dryRun stop after the plan
 */
record ImportRequest(
    Policy policy,
    Optional<String> app,
    List<String> patterns,
    boolean columnsCommon,
    boolean triggers,
    OptionalInt batchRows,
    boolean checked,
    boolean dryRun) {
  ImportRequest {
    patterns = List.copyOf(patterns);
    if (policy == Policy.THREE_WAY) {
      throw Failure.usage(
          "an export is compared with the database only, and three-way needs a third state",
          "use add-missing, overwrite or exact, or: belay reconcile-data");
    }
    if (batchRows.isPresent() && batchRows.getAsInt() < 1) {
      throw Failure.usage("--batch-size is " + batchRows.getAsInt(), "give at least 1");
    }
  }

  /** Whether a pattern names it. */
  boolean names(TableName table) {
    return patterns.stream().map(TablePattern::of).anyMatch(pattern -> pattern.matches(table));
  }

  /** Whether the table is one of those that are asked for. */
  boolean wants(ExportedTable table) {
    return app.map(table.app()::equals).orElse(true) && (patterns.isEmpty() || names(table.name()));
  }
}
