package dev.belay.migrations;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.Requirement;
import dev.belay.flyway.Requirements;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.Dependency;
import dev.belay.scratch.DependencyGraph;
import dev.belay.scratch.DependencyProof;
import dev.belay.scratch.Recording;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says what a migration needs and what needs it, from a replay in a scratch database. The live
 * database is only read.
 */
public final class CheckDependencies {
  private final Databases databases;

  public CheckDependencies(Databases databases) {
    this.databases = databases;
  }

  /**
   * What is asked.
   *
   * @param app the app's name
   * @param migration as the operator names it
   * @param jars jars with Java migrations
   * @param proof whether to replay without the migration, and without what it may not need
   * @param dot whether the text is a drawing for Graphviz
   */
  public record Request(
      String app, String migration, List<Path> jars, boolean proof, boolean dot) {}

  /**
   * Answers.
   *
   * @throws Failure FAILED when the migrations cannot be replayed, UNAVAILABLE when there is no
   *     script of the migration
   */
  public CheckDependenciesReport run(Settings settings, Request request, Progress progress) {
    AppSettings app = settings.app(request.app());
    try (Database live = databases.open(settings.target())) {
      Requirements declared = declared(live, settings, app);
      AppState asked = AppState.read(live, app);
      refuseWrong(declared, app.name());
      try (ScratchReplay replay = ScratchReplay.open(settings, live, request.jars(), progress)) {
        AppState state = request.jars().isEmpty() ? asked : replay.state(live, app);
        Migration migration = MigrationNames.find(state, request.migration());
        MigrationScript script = migration.script();
        if (script == null) {
          throw Failure.unavailable(
              migration.name() + " has no script here, so what it did cannot be replayed",
              "check out the version of the scripts that has it, then run it again");
        }
        progress.step("replaying the migrations of app " + app.name());
        ReplayPlan plan = ReplayPlan.of(state, ReplayPlan.Reach.EVERYTHING);
        Recording recording = replay.recording(plan);
        DependencyGraph graph =
            DependencyGraph.of(recording, DeclaredDependencies.of(declared, app.name()));
        return new Answer(settings, request, state, migration, script, plan, recording, graph)
            .report(replay, progress);
      }
    }
  }

  private static Requirements declared(Database live, Settings settings, AppSettings app) {
    List<AppState> states = new ArrayList<>();
    Set<String> unread = new LinkedHashSet<>();
    for (AppSettings each : settings.apps()) {
      try {
        states.add(AppState.read(live, each));
      } catch (Failure failure) {
        if (each.name().equals(app.name())) {
          throw failure;
        }
        unread.add(each.name());
      }
    }
    return Requirements.of(states, unread);
  }

  /** A declaration that is wrong makes every verdict wrong. */
  private static void refuseWrong(Requirements declared, String app) {
    for (Requirements.Unknown unknown : declared.unknown()) {
      if (unknown.app().equals(app)) {
        throw Failure.findings(
            unknown.where() + ": " + unknown.migration() + " " + unknown.message(),
            "mend the declaration: belay resolve-conflicts " + app + " lists them all");
      }
    }
    for (List<Requirement> cycle : declared.cycles()) {
      String names =
          cycle.stream().map(each -> each.from().seenFrom(app)).collect(Collectors.joining(" -> "));
      String places = cycle.stream().map(Requirement::where).collect(Collectors.joining(", "));
      throw Failure.findings(
          "the declared dependencies go round: %s -> %s (%s)"
              .formatted(names, cycle.get(0).from().seenFrom(app), places),
          "take one of these lines away");
    }
  }

  /** The answer for one migration. */
  private record Answer(
      Settings settings,
      Request request,
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
        progress.step(
            "replaying without " + migration.name() + ", and without what it may not need");
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
      Verdict verdict =
          inTheWay.isEmpty()
              ? applied ? Verdict.CAN_GO_ALONE : Verdict.CAN_BE_APPLIED
              : applied ? Verdict.NEEDS_OTHERS_GONE_FIRST : Verdict.NEEDS_OTHERS_APPLIED_FIRST;
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

    private List<String> opaque() {
      return recording.all().stream()
          .filter(each -> each.script().equals(script.script()))
          .flatMap(each -> each.notes().stream())
          .toList();
    }

    private String sentence(Verdict verdict, List<String> inTheWay) {
      List<String> backwards = new ArrayList<>(inTheWay);
      java.util.Collections.reverse(backwards);
      return switch (verdict) {
        case CAN_GO_ALONE ->
            migration.name() + " can be undone alone: nothing that is applied needs it";
        case NEEDS_OTHERS_GONE_FIRST ->
            "%s needs these to be undone first, in this order: %s"
                .formatted(migration.name(), String.join(", ", backwards));
        case CAN_BE_APPLIED -> migration.name() + " is not applied; everything that it needs is";
        default ->
            "%s is not applied; it needs these first, in this order: %s"
                .formatted(migration.name(), String.join(", ", inTheWay));
      };
    }
  }
}
