package dev.belay.catalogue;

import dev.belay.catalogue.Difference.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The statements that take a schema back to what it was before a change: what was made since goes,
 * with all that was put into it, and what was defined otherwise is defined as before. Nothing that
 * was there before is lost, or there is a reason why it cannot be done.
 *
 * @param statements with their semicolons; qualified names only
 * @param reasons why it cannot be done; empty: it can
 */
public record Reversal(List<String> statements, List<String> reasons) {
  public Reversal {
    statements = List.copyOf(statements);
    reasons = List.copyOf(reasons);
  }

  /**
   * Works them out. Needs no database.
   *
   * @param before the schema before the change
   * @param after the schema after it
   */
  public static Reversal of(Catalogue before, Catalogue after, ComparisonOptions options) {
    CatalogueComparison comparison = CatalogueComparison.of(before, after, options);
    List<String> reasons = new ArrayList<>();
    for (Difference difference : comparison.differences()) {
      reason(before, difference).ifPresent(reasons::add);
    }
    List<String> statements = new ArrayList<>();
    for (String line : Alignment.destroying(before, after, comparison, options)) {
      boolean remark = line.startsWith("--");
      if (!remark) {
        statements.add(line);
      } else if (reasons.isEmpty() && !line.contains("the order of the columns")) {
        reasons.add(line.substring(2).strip().lines().findFirst().orElse(""));
      }
    }
    return new Reversal(statements, reasons);
  }

  private static Optional<String> reason(Catalogue before, Difference difference) {
    ObjectKey key = difference.key();
    if (difference.group() == Group.MISSING) {
      boolean ofView =
          key.kind() == ObjectKind.COLUMN
              && (before
                      .objects()
                      .containsKey(ObjectKey.of(ObjectKind.VIEW, key.schema(), key.name()))
                  || before
                      .objects()
                      .containsKey(
                          ObjectKey.of(ObjectKind.MATERIALIZED_VIEW, key.schema(), key.name())));
      return switch (key.kind()) {
        case TABLE, SEQUENCE, FOREIGN_TABLE ->
            Optional.of("it drops " + key + ", and no statement brings back what was in it");
        case COLUMN, ATTRIBUTE ->
            ofView
                ? Optional.empty()
                : Optional.of("it drops " + key + ", and no statement brings back its values");
        default -> Optional.empty();
      };
    }
    boolean typed =
        difference.group() == Group.DIFFERENT
            && (key.kind() == ObjectKind.COLUMN || key.kind() == ObjectKind.ATTRIBUTE)
            && (ColumnChange.changesType(difference) || difference.changes("generated"))
            && !before
                .objects()
                .containsKey(ObjectKey.of(ObjectKind.VIEW, key.schema(), key.name()));
    return typed
        ? Optional.of(
            "it changes the type of " + key + ", and values may not come back as they were")
        : Optional.empty();
  }
}
