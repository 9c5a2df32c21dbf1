package dev.belay.migrations;

import java.util.List;

/**
 * A migration that another one needs, or that needs it.
 *
 * @param name what it is called
 * @param state Flyway's word for its state, such as {@code success} or {@code pending}
 * @param applied whether it is in force
 * @param direct whether there is a reason of its own; otherwise it follows from others
 * @param reasons why, sorted
 */
public record LinkedMigration(
    String name, String state, boolean applied, boolean direct, List<Reason> reasons) {
  public LinkedMigration {
    reasons = List.copyOf(reasons);
  }

  /**
   * Why one migration needs another.
   *
   * @param kind {@code created-by}, {@code altered-by}, {@code references}, {@code reads}, {@code
   *     writes}, {@code declared} or {@code proven}
   * @param object the object that it is about; where it was declared; or what failed without
   * @param sure false where the same table is touched, but not certainly what the other changed
   */
  public record Reason(String kind, String object, boolean sure) {
    /** For people. */
    String words() {
      return (sure ? "" : "perhaps ") + kind + (object.isEmpty() ? "" : ": " + object);
    }
  }
}
