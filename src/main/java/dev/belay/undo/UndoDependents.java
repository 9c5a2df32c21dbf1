package dev.belay.undo;

import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.Requirements;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.scratch.DeclaredDependencies;
import dev.belay.scratch.DependencyGraph;
import dev.belay.scratch.DependencyProof;
import dev.belay.scratch.Recording;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Refuses to take a migration back alone that others need. */
final class UndoDependents {
  private UndoDependents() {}

  /**
   * Looks for versions that stay and need the one that goes.
   *
   * @param plan the replay of all that is applied
   * @throws Failure REFUSED when there are any, or when that cannot be found out; FINDINGS when
   *     what is declared is wrong
   */
  static void refuse(
      Settings settings,
      Database live,
      AppState state,
      UndoSelection selection,
      ScratchReplay replay,
      ReplayPlan plan,
      Progress progress) {
    Migration gone = selection.gone().get(0);
    List<Migration> later = later(selection, gone);
    if (later.isEmpty()) {
      return;
    }
    MigrationScript script = gone.script();
    boolean replayed = script != null && plan.applied().contains(script);
    if (script == null || !replayed) {
      throw Failure.refused(
          "whether others need %s cannot be found out: it is not replayed here"
              .formatted(gone.name()),
          "undo it with all that came after: " + downFrom(state, gone));
    }
    progress.step("looking for what needs " + gone.name());
    Requirements declared = DeclaredDependencies.read(live, settings, state.app());
    DeclaredDependencies.refuseWrong(declared, state.app().name());
    Recording recording = replay.recording(plan);
    DependencyGraph graph =
        DependencyGraph.of(recording, DeclaredDependencies.of(declared, state.app().name()));
    List<String> needing =
        new DependencyProof(replay, plan, recording, graph).needing(script.script()).scripts();
    List<Migration> inTheWay = new ArrayList<>();
    for (Migration each : later) {
      MigrationScript own = each.script();
      if (own != null && needing.contains(own.script())) {
        inTheWay.add(0, each);
      }
    }
    if (!inTheWay.isEmpty()) {
      throw Failure.refused(
          "%s cannot go alone: %s; they would have to go first, in this order"
              .formatted(
                  gone.name(),
                  inTheWay.stream().map(Migration::name).collect(Collectors.joining(", "))
                      + (inTheWay.size() == 1 ? " needs it" : " need it")),
          "undo it with all that came after: "
              + downFrom(state, gone)
              + "; or see why: belay "
              + ShellWords.join(
                  List.of(
                      "check-dependencies",
                      state.app().name(),
                      MigrationNames.label(state.app(), gone))));
    }
  }

  private static List<Migration> later(UndoSelection selection, Migration gone) {
    return selection.stay().stream()
        .filter(each -> each.applied() != null && gone.applied() != null)
        .filter(
            each ->
                java.util.Objects.requireNonNull(each.applied()).installedRank()
                    > java.util.Objects.requireNonNull(gone.applied()).installedRank())
        .toList();
  }

  private static String downFrom(AppState state, Migration migration) {
    return "belay "
        + ShellWords.join(
            List.of(
                "rollback-migration",
                state.app().name(),
                MigrationNames.label(state.app(), migration)));
  }
}
