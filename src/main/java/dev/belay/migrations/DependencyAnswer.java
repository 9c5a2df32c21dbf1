package dev.belay.migrations;

import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.scratch.Dependency;
import dev.belay.scratch.DependencyGraph;
import dev.belay.scratch.DependencyProof;
import dev.belay.scratch.Recording;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The answer of check-dependencies for one migration.
 *
 * @param script its script
 * @param plan what was replayed
 */
record DependencyAnswer(
    Settings settings,
    CheckDependencies.Request request,
    AppState state,
    Migration migration,
    MigrationScript script,
    ReplayPlan plan,
    Recording recording,
    DependencyGraph graph) {
  CheckDependenciesReport report(ScratchReplay replay, Progress progress) {
    String id = script.script();
    boolean replayed = recording.all().stream().anyMatch(each -> each.script().equals(id));
    if (!replayed) {
      throw Failure.unavailable(
          migration.name() + " is not replayed: " + String.join("; ", plan.notes()),
          "belay list-migrations shows its state");
    }
    List<String> needed = graph.needed(id);
    List<String> needing = graph.needing(id);
    List<Dependency> reasons = new ArrayList<>(graph.all());
    List<String> open = List.of();
    if (request.proof()) {
      progress.step("replaying without " + migration.name() + ", and without what it may not need");
      DependencyProof proof = new DependencyProof(replay, plan, recording, graph);
      DependencyProof.Finding down = proof.needed(id);
      DependencyProof.Finding up = proof.needing(id);
      needed = down.scripts();
      needing = up.scripts();
      open = down.open();
      reasons.addAll(down.reasons());
      reasons.addAll(up.reasons());
    } else {
      needed = graph.perhapsNeeded(id);
      needing = graph.perhapsNeeding(id);
    }
    Map<String, Migration> migrations = byScript();
    List<LinkedMigration> dependencies =
        linked(
            needed,
            migrations,
            reasons.stream().filter(each -> each.migration().equals(id)).toList(),
            Dependency::needs);
    List<LinkedMigration> dependents =
        linked(
            needing,
            migrations,
            reasons.stream().filter(each -> each.needs().equals(id)).toList(),
            Dependency::migration);
    return report(dependencies, dependents, open);
  }

  private Map<String, Migration> byScript() {
    Map<String, Migration> found = new HashMap<>();
    for (Migration each : state.migrations()) {
      MigrationScript own = each.script();
      if (own != null && !each.isRecord()) {
        found.merge(own.script(), each, (one, other) -> other.state().isInForce() ? other : one);
      }
    }
    return found;
  }

  private interface Other {
    String of(Dependency dependency);
  }

  private static List<LinkedMigration> linked(
      List<String> scripts,
      Map<String, Migration> migrations,
      List<Dependency> reasons,
      Other other) {
    List<LinkedMigration> linked = new ArrayList<>();
    for (String each : scripts) {
      Migration found = migrations.get(each);
      List<Dependency> all =
          reasons.stream().filter(reason -> other.of(reason).equals(each)).toList();
      boolean sure = all.stream().anyMatch(Dependency::sure);
      List<LinkedMigration.Reason> why =
          all.stream()
              // Where there is a sure reason, what may be another one tells nothing.
              .filter(reason -> reason.sure() || !sure)
              .map(
                  reason ->
                      new LinkedMigration.Reason(
                          reason.kind().word(), reason.object(), reason.sure()))
              .toList();
      linked.add(
          new LinkedMigration(
              found == null ? each : found.name(),
              found == null ? "unknown" : found.state().word(),
              found != null && found.state().isInForce(),
              !why.isEmpty(),
              why));
    }
    return linked;
  }

  private CheckDependenciesReport report(
      List<LinkedMigration> dependencies, List<LinkedMigration> dependents, List<String> open) {
    boolean applied = migration.state().isInForce();
    List<String> inTheWay =
        applied
            ? dependents.stream()
                .filter(LinkedMigration::applied)
                .map(LinkedMigration::name)
                .toList()
            : dependencies.stream()
                .filter(each -> !each.applied())
                .map(LinkedMigration::name)
                .toList();
    Verdict verdict = verdict(applied, inTheWay.isEmpty(), open.isEmpty());
    List<String> notes =
        Stream.of(
                plan.notes(),
                recording.notes(),
                opaque(),
                open.isEmpty()
                    ? List.<String>of()
                    : List.of(
                        "it may also need, which was not tried because it would take a replay"
                            + " for each: "
                            + String.join(", ", open)),
                request.proof()
                    ? List.<String>of()
                    : List.of(
                        "not proven: without --no-proof it is replayed without what it may not"
                            + " need"))
            .flatMap(List::stream)
            .toList();
    return new CheckDependenciesReport(
        settings.target().toString(),
        state.app().name(),
        migration.name(),
        migration.state().word(),
        applied,
        dependencies,
        dependents,
        verdict,
        sentence(verdict, inTheWay),
        notes,
        request.dot());
  }

  private static Verdict verdict(boolean applied, boolean free, boolean decided) {
    if (applied) {
      return free ? Verdict.CAN_GO_ALONE : Verdict.NEEDS_OTHERS_GONE_FIRST;
    }
    if (!free) {
      return Verdict.NEEDS_OTHERS_APPLIED_FIRST;
    }
    return decided ? Verdict.CAN_BE_APPLIED : Verdict.NOT_DECIDED;
  }

  private List<String> opaque() {
    return recording.all().stream()
        .filter(each -> each.script().equals(script.script()))
        .flatMap(each -> each.notes().stream())
        .toList();
  }

  private String sentence(Verdict verdict, List<String> inTheWay) {
    List<String> backwards = new ArrayList<>(inTheWay);
    Collections.reverse(backwards);
    return switch (verdict) {
      case CAN_GO_ALONE ->
          migration.name() + " can be undone alone: nothing that is applied needs it";
      case NEEDS_OTHERS_GONE_FIRST ->
          "%s needs these to be undone first, in this order: %s"
              .formatted(migration.name(), String.join(", ", backwards));
      case NOT_DECIDED ->
          migration.name() + " is not applied; what it may also need was not tried, see below";
      case CAN_BE_APPLIED -> migration.name() + " is not applied; everything that it needs is";
      default ->
          "%s is not applied; it needs these first, in this order: %s"
              .formatted(migration.name(), String.join(", ", inTheWay));
    };
  }
}
