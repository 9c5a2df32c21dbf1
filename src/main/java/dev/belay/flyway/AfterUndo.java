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
            hold
                ? "%s stays recorded as applied, and what it made is missing until the held migration is reopened; until then an application with a changed %1$s may not start"
                    .formatted(migration.name())
                : "an application that has %s runs it again at its next start"
                    .formatted(migration.name()));
        continue;
      }
      if (hold) {
        boolean minded = next.validates() && !ignores(state, MigrationState.MISSING_SUCCESS);
        words.add(
            "held: an application that has %s starts and does not apply it; one that lacks it %s"
                .formatted(
                    migration.name(),
                    minded
                        ? "and has a later version does not start (Flyway: 'applied migration not resolved locally')"
                        : "starts"));
      } else if (!isBelow(state, migration, gone)) {
        words.add(
            "reopened: an application that has %s applies it again at its next start; one that lacks it starts"
                .formatted(migration.name()));
      } else if (next.outOfOrder()) {
        words.add(
            "reopened: an application that has %s applies it again at its next start, out of order; one that lacks it starts"
                .formatted(migration.name()));
      } else if (!isMinded(state, next)) {
        words.add(
            "reopened below what stays applied: an application that has %s starts and passes over it, so that it stays undone; one that lacks it starts"
                .formatted(migration.name()));
      } else {
        words.add(
            "reopened below what stays applied: an application that has %s does not start (Flyway: 'resolved migration not applied to database') unless it sets outOfOrder=true, which applies it again, or ignoreMigrationPatterns=*:ignored; one that lacks it starts"
                .formatted(migration.name()));
      }
    }
    return words;
  }

  /** Those after whose undo an application that has their scripts does not start any more. */
  public static List<String> stopping(AppState state, List<Migration> gone, boolean hold) {
    NextStart next = new NextStart(state.app());
    return hold || next.outOfOrder() || !isMinded(state, next)
        ? List.of()
        : gone.stream()
            .filter(migration -> migration.version() != null && isBelow(state, migration, gone))
            .map(
                migration ->
                    "no application that has %s starts any more: it is reopened below what stays applied"
                        .formatted(migration.name()))
            .toList();
  }

  /** Whether Flyway stops at a script that is not applied, below one that is. */
  private static boolean isMinded(AppState state, NextStart next) {
    return next.validates() && !ignores(state, MigrationState.IGNORED);
  }

  private static boolean ignores(AppState state, MigrationState what) {
    return IgnoredStates.of(state.app().flyway().get("ignoreMigrationPatterns"))
        .coverVersioned(what);
  }

  private static boolean isBelow(AppState state, Migration migration, List<Migration> gone) {
    MigrationVersion version = migration.version();
    return version != null
        && state.history().inForce().stream()
            .filter(row -> gone.stream().noneMatch(each -> row.equals(each.applied())))
            .map(AppliedMigration::number)
            .anyMatch(number -> number != null && number.compareTo(version) > 0);
  }
}
