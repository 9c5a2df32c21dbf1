package dev.belay.undo;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import dev.belay.scratch.ScriptFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Works out a way back before anything is changed. The live database is only read. */
public final class UndoPlanning {
  /** So long one table is counted; after that the server's estimate is taken. */
  private static final Duration LONGEST_COUNT = Duration.ofSeconds(10);

  private final Settings settings;
  private final Databases databases;
  private final Database live;
  private final UndoRequest request;
  private final Progress progress;
  private final Optional<Failure> unproven;

  private UndoPlanning(
      Settings settings,
      Databases databases,
      Database live,
      UndoRequest request,
      Progress progress,
      Optional<Failure> unproven) {
    this.settings = settings;
    this.databases = databases;
    this.live = live;
    this.request = request;
    this.progress = progress;
    this.unproven = unproven;
  }

  /**
   * The way back.
   *
   * @param databases opens the session in which rows are counted
   * @param live a session with the target
   * @throws Failure USAGE when there is no such app or migration; REFUSED when the migration cannot
   *     be undone, when others need it, or when a script must not be run; UNAVAILABLE when a script
   *     cannot be read
   */
  public static UndoPlan plan(
      Settings settings,
      Databases databases,
      Database live,
      UndoRequest request,
      Progress progress) {
    return plan(settings, databases, live, request, progress, Optional.empty());
  }

  /**
   * The same.
   *
   * @param unproven why no scratch database is to be made for it; empty: one may be
   */
  public static UndoPlan plan(
      Settings settings,
      Databases databases,
      Database live,
      UndoRequest request,
      Progress progress,
      Optional<Failure> unproven) {
    return new UndoPlanning(settings, databases, live, request, progress, unproven).plan();
  }

  private UndoPlan plan() {
    AppSettings app = settings.app(request.app());
    AppState state = AppState.read(live, app);
    UndoSelection selection = UndoSelection.of(state, request);
    UndoScripts scripts = UndoScripts.read(live, state);
    List<UndoStep> steps = new ArrayList<>();
    for (Migration migration : selection.gone()) {
      steps.add(UndoSteps.of(app, live.target(), scripts, migration, request));
    }
    List<String> notes = new ArrayList<>(scripts.notes());
    try (ScriptFolder folder = ScriptFolder.create()) {
      AppSettings whole = StoredMigrations.found(state, scripts, folder, notes);
      Worked worked = worked(whole, selection, steps);
      notes.addAll(worked.outcome().notes());
      return new UndoPlan(
          app,
          state,
          worked.steps(),
          worked.outcome().vanishing(),
          worked.outcome().losses(),
          worked.outcome().destroyed(),
          worked.outcome().locks(),
          worked.outcome().proof(),
          worked.outcome().expected(),
          notes);
    }
  }

  private record Worked(List<UndoStep> steps, UndoProving.Outcome outcome) {}

  /** What keeps scratch databases from being made says nothing of the scripts. */
  private Worked worked(AppSettings app, UndoSelection selection, List<UndoStep> steps) {
    try {
      if (unproven.isPresent()) {
        throw unproven.get();
      }
      return replayed(app, selection, steps);
    } catch (Failure failure) {
      boolean ofReplay =
          failure.exitCode() == ExitCode.FAILED || failure.exitCode() == ExitCode.UNAVAILABLE;
      if (!ofReplay || request.reach() == UndoRequest.Reach.ONLY) {
        throw failure;
      }
      return new Worked(
          steps,
          UndoProving.Outcome.untried(
              "the migrations could not be replayed: " + failure.message(),
              List.of("to have it proven: " + failure.hint())));
    }
  }

  private Worked replayed(AppSettings app, UndoSelection selection, List<UndoStep> steps) {
    try (ScratchReplay replay = ScratchReplay.open(settings, live, request.jars(), progress);
        Database counting = databases.open(live.target())) {
      LiveTableQueries.readOnly(counting, LONGEST_COUNT);
      AppState state = replay.state(live, app);
      ReplayPlan plan = replay.plan(live, state, ReplayPlan.Reach.APPLIED);
      if (request.reach() == UndoRequest.Reach.ONLY) {
        UndoDependents.refuse(settings, live, state, selection, replay, plan, progress);
      }
      List<UndoStep> all = request.generate() ? generated(replay, state, plan, steps) : steps;
      Optional<String> unseen = unseen(state, selection, plan);
      if (unseen.isPresent()) {
        return new Worked(all, UndoProving.Outcome.untried(unseen.get(), plan.notes()));
      }
      Optional<UndoStep> without = all.stream().filter(step -> step.script().isEmpty()).findFirst();
      if (without.isPresent()) {
        return new Worked(
            all,
            UndoProving.Outcome.untried(
                "there is no undo script of " + without.get().migration().name(), plan.notes()));
      }
      return new Worked(
          all,
          new UndoProving(replay, counting, state, selection, progress)
              .of(plan, all)
              .with(plan.notes(), state));
    }
  }

  private List<UndoStep> generated(
      ScratchReplay replay, AppState state, ReplayPlan plan, List<UndoStep> steps) {
    Map<Migration, MigrationScript> wanted = new HashMap<>();
    for (UndoStep step : steps) {
      if (step.script().isEmpty()) {
        script(state, step.migration())
            .filter(plan.applied()::contains)
            .ifPresent(script -> wanted.put(step.migration(), script));
      }
    }
    Map<MigrationScript, GeneratedUndo.Result> results =
        new GeneratedUndo(replay, state, progress).of(plan, Set.copyOf(wanted.values()));
    return steps.stream()
        .map(
            step ->
                Optional.ofNullable(wanted.get(step.migration()))
                    .flatMap(script -> Optional.ofNullable(results.get(script)))
                    .map(
                        result ->
                            UndoSteps.generated(
                                state.app(), live.target(), step.migration(), result))
                    .orElse(step))
        .toList();
  }

  /** The script with which a migration is replayed; it may come from the ledger or a jar. */
  static Optional<MigrationScript> script(AppState state, Migration migration) {
    return state.migrations().stream()
        .filter(each -> each.applied() != null && each.applied().equals(migration.applied()))
        .flatMap(each -> Optional.ofNullable(each.script()).stream())
        .findFirst();
  }

  /** A migration that goes and is not in the replay, so that undoing it there proves nothing. */
  private static Optional<String> unseen(AppState state, UndoSelection selection, ReplayPlan plan) {
    for (Migration gone : selection.gone()) {
      Optional<MigrationScript> script = script(state, gone);
      if (script.filter(plan.applied()::contains).isEmpty()) {
        return Optional.of(
            gone.name() + " cannot be replayed here: " + String.join("; ", plan.notes()));
      }
    }
    return Optional.empty();
  }
}
