package dev.belay.migrations;

import dev.belay.flyway.AppState;
import dev.belay.flyway.Conflict;
import dev.belay.flyway.Conflicts;
import dev.belay.flyway.HistoryForm;
import dev.belay.flyway.Requirements;
import dev.belay.flyway.ScriptProblem;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;

/**
 * What keeps the next migrate from starting, or scripts from being seen; a replay tells neither.
 */
final class NextMigrate {
  private NextMigrate() {}

  /**
   * One note for each location that was not read and for each conflict that stops Flyway.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the history table cannot be looked at
   */
  static List<String> notes(AppState state, Database live) {
    List<String> notes = new ArrayList<>();
    for (ScriptProblem problem : state.scripts().problems()) {
      if (problem.kind() == ScriptProblem.Kind.LOCATION) {
        notes.add(
            "no script was seen in %s: %s; what is pending there is not checked"
                .formatted(problem.where(), problem.message()));
      }
    }
    if (notes.isEmpty() && state.scripts().migrations().isEmpty()) {
      notes.add(
          "there is no migration at all in %s: is that the right folder?"
              .formatted(String.join(", ", state.app().locations())));
    }
    HistoryForm form = HistoryForm.read(live, state.app());
    // What is declared stops nobody but us, and has its own command.
    Requirements none = Requirements.of(List.of());
    for (Conflict conflict : Conflicts.of(state, none, form)) {
      if (conflict.effect().compareTo(Conflict.Effect.START_FAILS) <= 0) {
        notes.add(
            "the next migrate does not start: %s; what to do says: belay resolve-conflicts %s --dry-run"
                .formatted(conflict.what(), state.app().name()));
      }
    }
    return notes;
  }
}
