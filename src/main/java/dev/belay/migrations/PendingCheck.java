package dev.belay.migrations;

import dev.belay.catalogue.Catalogue;
import dev.belay.cli.Progress;
import dev.belay.core.TableName;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import dev.belay.postgres.Database;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ReplayStep;
import dev.belay.scratch.ReplaySteps;
import dev.belay.scratch.SchemaShape;
import dev.belay.scratch.ScratchReplay;
import dev.belay.undo.LiveTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Goes through the pending migrations of one app, one by one. */
final class PendingCheck {
  private static final List<String> LIMITS =
      List.of(
          "the replay has no live rows: whether they satisfy new constraints and types, and how"
              + " many a migration changes, is not seen",
          "what a DO block, function or trigger does depends on the rows that it finds; bodies"
              + " that no migration calls are not run");

  private final ScratchReplay replay;
  private final Database live;
  private final AppState state;
  private final CheckMigrationsRequest request;
  private final Progress progress;
  private final PendingAnswers answers;
  private final Map<Migration, PendingRisk> found = new HashMap<>();

  /**
   * @param elsewhere whether the replay is on another server than the database
   */
  PendingCheck(
      ScratchReplay replay,
      Database live,
      AppState state,
      CheckMigrationsRequest request,
      boolean elsewhere,
      Progress progress) {
    this.replay = replay;
    this.live = live;
    this.state = state;
    this.request = request;
    this.progress = progress;
    this.answers = new PendingAnswers(request.directory(), elsewhere);
  }

  /** Whether the next migrate applies anything. */
  static boolean hasPending(AppState state) {
    return state.migrations().stream().anyMatch(PendingCheck::isPending);
  }

  private static boolean isPending(Migration migration) {
    return migration.applied() == null
        && migration.script() != null
        && migration.state() == MigrationState.PENDING;
  }

  AppRisk run() {
    String app = state.app().name();
    if (!hasPending(state)) {
      return new AppRisk(app, RiskLevel.none, List.of(), List.of());
    }
    progress.step("replaying the migrations of app " + app);
    ReplayPlan plan = replay.plan(live, state, ReplayPlan.Reach.NEXT_MIGRATE);
    List<String> notes = new ArrayList<>(plan.notes());
    programs(plan);
    if (!plan.pending().isEmpty()) {
      try (ReplaySteps steps = replay.steps(plan)) {
        notes.addAll(steps.earlier().notes());
        check(steps, plan);
      }
      notes.addAll(LIMITS);
    }
    List<PendingRisk> inOrder =
        state.migrations().stream().filter(found::containsKey).map(found::get).toList();
    return new AppRisk(
        app, RiskLevel.greatest(inOrder.stream().map(PendingRisk::level).toList()), inOrder, notes);
  }

  /** Programs are never run; the plan leaves them out. */
  private void programs(ReplayPlan plan) {
    for (Migration migration : state.migrations()) {
      MigrationScript script = migration.script();
      if (script != null && isPending(migration) && !plan.pending().contains(script)) {
        found.put(migration, answers.program(migration, script));
      }
    }
  }

  private void check(ReplaySteps steps, ReplayPlan plan) {
    UndoProof proof =
        new UndoProof(
            steps, new TableName(state.app().historySchema(), state.app().historyTable()));
    SchemaShape before = steps.shape();
    StepMemory memory = new StepMemory(new LiveTables(live, before), steps.earlier().applied());
    List<MigrationScript> pending = plan.pending();
    for (int at = 0; at < pending.size(); at++) {
      MigrationScript script = pending.get(at);
      Migration migration = migration(script);
      MigrationScript undo = request.undo() ? migration.undo() : null;
      progress.step("checking " + migration.name());
      Catalogue schema = undo == null ? null : proof.now();
      ReplayStep step = steps.apply(script);
      if (step.failure() != null) {
        found.put(migration, answers.failed(migration, script, step.failure()));
        pending
            .subList(at + 1, pending.size())
            .forEach(each -> found.put(migration(each), answers.unchecked(migration(each), each)));
        return;
      }
      if (step.recorded() == null) {
        found.put(migration, answers.passedOver(migration, script));
        continue;
      }
      SchemaShape after = steps.shape();
      UndoAnswer way =
          undo == null || schema == null
              ? answers.untried(migration)
              : proof.of(undo, schema, answers.file(undo));
      StepFacts facts = memory.facts(step.recorded(), before, after);
      found.put(migration, answers.checked(migration, script, facts, way));
      memory.remember(step.recorded());
      before = after;
    }
    Migration last = migration(pending.get(pending.size() - 1));
    steps
        .finish()
        .ifPresent(
            failure ->
                found.computeIfPresent(
                    last,
                    (migration, answer) ->
                        answer.with(
                            Risk.of(
                                RiskRule.FAILS,
                                "a callback after the migrations fails: " + failure.message()))));
  }

  private Migration migration(MigrationScript script) {
    return state.migrations().stream()
        .filter(each -> isPending(each) && script.equals(each.script()))
        .findFirst()
        .orElseThrow();
  }
}
