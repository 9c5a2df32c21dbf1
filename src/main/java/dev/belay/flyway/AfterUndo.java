package dev.belay.flyway;

import java.util.ArrayList;
import java.util.List;

/** What the next start of an application does after migrations were undone, in plain words. */
public final class AfterUndo {
  private AfterUndo() {}

  /**
   * For each migration, for an application that has its script and for one that lacks it. Measured
   * with Flyway 9 to 13.
   *
   * @param state before the undo
   * @param gone what is undone
   * @param hold whether it is recorded so that it is not applied again
   */
  public static List<String> words(AppState state, List<Migration> gone, boolean hold) {
    List<String> words = new ArrayList<>();
    NextStart next = new NextStart(state.app());
    for (Migration migration : gone) {
      if (migration.version() == null) {
        words.add(
            "an application that has %s runs it again at its next start"
                .formatted(migration.name()));
        continue;
      }
      boolean below =
          state.history().inForce().stream()
              .filter(row -> gone.stream().noneMatch(each -> row.equals(each.applied())))
              .map(AppliedMigration::number)
              .anyMatch(number -> number != null && number.compareTo(migration.version()) > 0);
      if (hold) {
        words.add(
            "held: an application that has %s starts and does not apply it; one that lacks it and has a later version does not start (Flyway: 'applied migration not resolved locally')"
                .formatted(migration.name()));
      } else if (!below) {
        words.add(
            "reopened: an application that has %s applies it again at its next start; one that lacks it starts"
                .formatted(migration.name()));
      } else if (next.outOfOrder()) {
        words.add(
            "reopened: an application that has %s applies it again at its next start, out of order; one that lacks it starts"
                .formatted(migration.name()));
      } else {
        words.add(
            "reopened below what stays applied: an application that has %s does not start (Flyway: 'resolved migration not applied to database') unless it sets outOfOrder=true, which applies it again, or ignoreMigrationPatterns=*:ignored; one that lacks it starts"
                .formatted(migration.name()));
      }
    }
    return words;
  }
}
