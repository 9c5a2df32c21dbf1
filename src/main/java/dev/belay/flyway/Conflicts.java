package dev.belay.flyway;

import java.util.ArrayList;
import java.util.List;

/** Finds every conflict between the history of an app, its scripts, and what they declare. */
public final class Conflicts {
  private Conflicts() {}

  /**
   * The conflicts of one app, the worst first. A pending migration is none. Where a location could
   * not be read, what is missing is not known, and so it is not told: see {@link
   * AppState#knowsAllScripts()}.
   *
   * @param requirements of all apps; told are those that stand in this one
   * @param form of its history table
   */
  public static List<Conflict> of(AppState state, Requirements requirements, HistoryForm form) {
    List<Conflict> conflicts = new ArrayList<>();
    conflicts.addAll(new RowConflicts(state).all(form));
    conflicts.addAll(new ScriptConflicts(state).all());
    conflicts.addAll(new RequirementConflicts(state.app().name(), requirements).all());
    conflicts.sort(Conflict.ORDER);
    return List.copyOf(conflicts);
  }
}
