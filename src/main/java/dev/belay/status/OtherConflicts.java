package dev.belay.status;

import dev.belay.config.AppSettings;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Conflict;
import dev.belay.flyway.ConflictKind;
import dev.belay.flyway.Conflicts;
import dev.belay.flyway.HistoryForm;
import dev.belay.flyway.Requirements;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The conflicts of which no other check of verify-state tells: one fact is told once.
 *
 * @param serious those that stop something or are not safe
 * @param notices those that stop nothing
 */
record OtherConflicts(List<Of> serious, List<Of> notices) {
  private static final Set<ConflictKind> TOLD_HERE =
      EnumSet.of(
          ConflictKind.DUPLICATE_ROW,
          ConflictKind.REQUIREMENT_CYCLE,
          ConflictKind.REQUIREMENT_UNKNOWN,
          ConflictKind.REQUIREMENT_LATER,
          ConflictKind.REQUIREMENT_NOT_MET,
          ConflictKind.HISTORY_FORM,
          ConflictKind.VERSION_FORM);

  /** A conflict of an app. */
  record Of(AppSettings app, Conflict conflict) {}

  /** Those of these apps. */
  static OtherConflicts of(Database database, List<AppState> states, Set<String> unread) {
    Requirements requirements = Requirements.of(states, unread);
    List<Of> serious = new ArrayList<>();
    List<Of> notices = new ArrayList<>();
    for (AppState state : states) {
      HistoryForm form = HistoryForm.read(database, state.app());
      for (Conflict conflict : Conflicts.of(state, requirements, form)) {
        if (TOLD_HERE.contains(conflict.kind())) {
          boolean notice = conflict.effect() == Conflict.Effect.NOTICE;
          (notice ? notices : serious).add(new Of(state.app(), conflict));
        }
      }
    }
    return new OtherConflicts(serious, notices);
  }
}
