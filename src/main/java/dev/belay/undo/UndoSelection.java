package dev.belay.undo;

import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import dev.belay.flyway.MigrationState;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which migrations an undo takes back: applied versions that are in force, by the order in which
 * they were applied, whatever their numbers are.
 *
 * @param named the one that was named
 * @param gone those that go, the newest first
 * @param stay the versions in force that stay, in the order in which they were applied
 * @param repeatable the repeatable migrations that are in force
 */
record UndoSelection(
    Migration named, List<Migration> gone, List<Migration> stay, List<Migration> repeatable) {
  private static final Comparator<Migration> BY_RANK = Comparator.comparingInt(UndoSelection::rank);

  UndoSelection {
    gone = List.copyOf(gone);
    stay = List.copyOf(stay);
    repeatable = List.copyOf(repeatable);
  }

  /**
   * Finds them.
   *
   * @throws Failure USAGE when there is no such migration, REFUSED when it cannot be undone
   */
  static UndoSelection of(AppState state, UndoRequest request) {
    refuseBroken(state);
    Migration named = MigrationNames.find(state, request.migration());
    String list = list(state);
    refuseNotInForce(state, named, request, list);
    List<Migration> inForce =
        state.migrations().stream()
            .filter(UndoSelection::isVersionInForce)
            .sorted(BY_RANK)
            .toList();
    int from = rank(named);
    List<Migration> gone = new ArrayList<>();
    List<Migration> stay = new ArrayList<>();
    for (Migration each : inForce) {
      boolean goes =
          switch (request.reach()) {
            case DOWN_FROM -> rank(each) >= from;
            case DOWN_TO -> rank(each) > from;
            case ONLY -> rank(each) == from;
          };
      (goes ? gone : stay).add(each);
    }
    if (gone.isEmpty()) {
      throw Failure.refused(
          "there is nothing to undo: no version was applied after " + named.name(),
          "see what was applied, and when, with: " + list);
    }
    gone.stream()
        .filter(each -> isBaseline(each))
        .findFirst()
        .ifPresent(
            baseline -> {
              throw Failure.refused(
                  baseline.name()
                      + " is a baseline: what it stands for was never applied one by one, so"
                      + " nothing takes it back",
                  "go back no further than to it: --to "
                      + ShellWords.join(List.of(name(baseline))));
            });
    gone.sort(BY_RANK.reversed());
    return new UndoSelection(named, gone, stay, repeatable(state));
  }

  /** The repeatable migrations that are in force, in the order in which they were applied. */
  static List<Migration> repeatable(AppState state) {
    return state.migrations().stream()
        .filter(each -> each.version() == null && isRunInForce(each))
        .sorted(BY_RANK)
        .toList();
  }

  private static void refuseBroken(AppState state) {
    String resolve = "belay " + ShellWords.join(List.of("resolve-conflicts", state.app().name()));
    List<String> unreadable = state.unreadableRows();
    if (!unreadable.isEmpty()) {
      throw Failure.refused(
          "Flyway itself cannot read its history: " + String.join("; ", unreadable),
          "mend it first: " + resolve);
    }
    List<AppliedMigration> failed =
        state.migrations().stream()
            .filter(each -> each.state().isFailed())
            .map(Migration::applied)
            .flatMap(
                row -> row == null ? java.util.stream.Stream.of() : java.util.stream.Stream.of(row))
            .toList();
    if (!failed.isEmpty()) {
      throw Failure.refused(
          "the history has failed migrations, of which half may be done: "
              + failed.stream()
                  .map(row -> MigrationNames.label(state.app(), row))
                  .collect(Collectors.joining(", ")),
          "see to them first: " + resolve);
    }
    List<List<AppliedMigration>> twice = state.appliedTwice();
    if (!twice.isEmpty()) {
      throw Failure.refused(
          "the history says that version %s was applied twice"
              .formatted(twice.get(0).get(0).version()),
          "see to it first: " + resolve);
    }
  }

  private static void refuseNotInForce(
      AppState state, Migration named, UndoRequest request, String list) {
    MigrationState is = named.state();
    if (named.version() == null) {
      throw Failure.refused(
          named.name() + " is repeatable: its earlier text is the way back, not an undo",
          "put its earlier text into the file, and let Flyway apply it again");
    }
    boolean before =
        state.migrations().stream()
            .anyMatch(each -> each.state().isTakenBack() && named.version().equals(each.version()));
    if (is.isTakenBack() || (!is.isInForce() && before)) {
      throw Failure.refused(
          "%s was taken back already (%s)".formatted(named.name(), is.word()),
          "see what is in force with: " + list);
    }
    if (isBaseline(named) && request.reach() == UndoRequest.Reach.DOWN_TO) {
      return;
    }
    if (isBaseline(named)) {
      throw Failure.refused(
          named.name() + " is a baseline: what it stands for was there before Flyway",
          "restore a backup of the time before: belay list-backups");
    }
    if (!is.isInForce()) {
      throw Failure.refused(
          "%s was never applied (%s), so there is nothing to take back"
              .formatted(named.name(), is.word()),
          "see what was applied with: " + list);
    }
  }

  private static boolean isVersionInForce(Migration migration) {
    return migration.version() != null
        && (isRunInForce(migration) || (isBaseline(migration) && migration.state().isInForce()));
  }

  private static boolean isRunInForce(Migration migration) {
    AppliedMigration row = migration.applied();
    return row != null
        && !migration.isRecord()
        && migration.state().isInForce()
        && migration.state() != MigrationState.SUPERSEDED
        && !isBaseline(migration)
        && !row.type().equals("SCHEMA");
  }

  private static boolean isBaseline(Migration migration) {
    return migration.type().contains("BASELINE");
  }

  private static int rank(Migration migration) {
    AppliedMigration row = migration.applied();
    return row == null ? Integer.MAX_VALUE : row.installedRank();
  }

  private static String name(Migration migration) {
    return String.valueOf(migration.version());
  }

  private static String list(AppState state) {
    return "belay " + ShellWords.join(List.of("list-migrations", state.app().name()));
  }
}
