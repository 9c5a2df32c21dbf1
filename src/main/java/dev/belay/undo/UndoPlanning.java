package dev.belay.undo;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Works out a way back before anything is changed. The live database is only read. */
public final class UndoPlanning {
  private UndoPlanning() {}

  /**
   * The way back.
   *
   * @param live a session with the target
   * @throws Failure USAGE when there is no such app or migration; REFUSED when the migration cannot
   *     be undone, when others need it, or when a script must not be run; UNAVAILABLE when a script
   *     cannot be read, or no scratch database can be made
   */
  public static UndoPlan plan(
      Settings settings,
      Databases databases,
      Database live,
      UndoRequest request,
      Progress progress) {
    AppSettings app = settings.app(request.app());
    AppState state = AppState.read(live, app);
    UndoSelection selection = UndoSelection.of(state, request);
    UndoScripts scripts = UndoScripts.read(live, state);
    List<UndoStep> steps = new ArrayList<>();
    for (Migration migration : selection.gone()) {
      steps.add(UndoSteps.of(app, live.target(), scripts, migration, request));
    }
    return new UndoPlan(
        app,
        state,
        steps,
        List.of(),
        List.of(),
        List.of(),
        new UndoProof(UndoProof.Verdict.NOT_TRIED, List.of(), Optional.of("not tried")),
        Optional.empty(),
        scripts.notes());
  }
}
