package dev.belay.migrate;

import dev.belay.backup.SafetyBackup;
import dev.belay.batch.BatchRuns;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Conflict;
import dev.belay.flyway.ConflictKind;
import dev.belay.flyway.Conflicts;
import dev.belay.flyway.FlywayLock;
import dev.belay.flyway.HistoryForm;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.LiveFlyway;
import dev.belay.flyway.Requirements;
import dev.belay.flyway.ScriptProblem;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.readiness.Point;
import dev.belay.readiness.Readiness;
import dev.belay.readiness.ReadinessReport;
import dev.belay.readiness.ReadinessRequest;
import dev.belay.readiness.Topic;
import dev.belay.report.CheckStatus;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks for everything that speaks against a migration, before it is planned. Reads only. */
final class Preflight {
  /** Declared by people, and heeded only by this program. */
  private static final Set<ConflictKind> DECLARED =
      EnumSet.of(
          ConflictKind.REQUIREMENT_CYCLE,
          ConflictKind.REQUIREMENT_UNKNOWN,
          ConflictKind.REQUIREMENT_LATER,
          ConflictKind.REQUIREMENT_NOT_MET);

  private final GuardedRun run;
  private final MigrateRequest request;
  private final Map<String, String> environment;
  private final String version;

  Preflight(
      GuardedRun run, MigrateRequest request, Map<String, String> environment, String version) {
    this.run = run;
    this.request = request;
    this.environment = environment;
    this.version = version;
  }

  /**
   * Whether Flyway could begin at all, and none of its rows speaks of an earlier failure.
   *
   * @throws Failure REFUSED with all that keeps it from it
   */
  void refuseDirty(Database session, AppState state) {
    AppSettings app = state.app();
    Refusals refusals = new Refusals();
    for (ScriptProblem problem : state.scripts().problems()) {
      if (problem.kind() == ScriptProblem.Kind.LOCATION && request.jars().isEmpty()) {
        refusals.add(
            "no script was seen in %s: %s".formatted(problem.where(), problem.message()),
            "name the folders of app %s in belay.yaml: belay config shows them; jars need --jars"
                .formatted(app.name()));
      }
    }
    FlywayLock.holder(session, app)
        .ifPresent(
            holder ->
                refusals.add(
                    "a migration of the app '%s' is running: Flyway's lock is held by %s"
                        .formatted(app.name(), holder),
                    "run the same command again when it is done"));
    conflicts(session, state, refusals);
    try {
      BatchRuns.refuseOpen(session, HistoryLock.table(app));
    } catch (Failure open) {
      refusals.add(open);
    }
    try {
      LiveFlyway.unknown(app)
          .forEach(
              setting ->
                  run.progress()
                      .warn(
                          "flyway.%s is left out: Flyway's open-source edition does not know it"
                              .formatted(setting)));
    } catch (Failure wrong) {
      refusals.add(wrong);
    }
    refusals.refuse();
  }

  private void conflicts(Database session, AppState state, Refusals refusals) {
    List<AppState> states = new ArrayList<>();
    for (AppSettings app : run.settings().apps()) {
      states.add(app.name().equals(state.app().name()) ? state : AppState.read(session, app));
    }
    HistoryForm form = HistoryForm.read(session, state.app());
    for (Conflict conflict : Conflicts.of(state, Requirements.of(states), form)) {
      boolean stops = conflict.effect().compareTo(Conflict.Effect.START_FAILS) <= 0;
      if (stops || DECLARED.contains(conflict.kind())) {
        refusals.add(
            conflict.what(),
            "see what to do with: "
                + ShellWords.join(
                    List.of("belay", "resolve-conflicts", state.app().name(), "--dry-run")));
      }
    }
  }

  /**
   * Whether one could go back, and the backup can be made.
   *
   * @throws Failure REFUSED with all that stands in the way
   */
  void refuseUnready() {
    Refusals refusals = new Refusals();
    if (request.preflight()) {
      // What this run does or holds itself is not asked; which way back each has is in the plan.
      EnumSet<Topic> left =
          EnumSet.of(
              Topic.BACKUP, Topic.BACKUP_FILES, Topic.UNDO_SCRIPTS, Topic.DRILL, Topic.RUNNING);
      if (request.backup().isEmpty()) {
        left.add(Topic.TOOLS);
        left.add(Topic.BACKUP_DISK);
      }
      left.addAll(request.accepted());
      ReadinessReport ready =
          new Readiness(run.databases(), run.settings(), environment)
              .look(
                  ReadinessRequest.of(List.of(request.app())).without(left.toArray(Topic[]::new)));
      ready.unreachable().ifPresent(Preflight::rethrow);
      for (Point point : ready.points()) {
        if (point.status() == CheckStatus.FAILED) {
          refusals.add(words(point), remedy(point));
        } else if (point.status() != CheckStatus.PASSED) {
          run.progress().warn(words(point));
        }
      }
    }
    if (request.backup().isPresent()) {
      try {
        new SafetyBackup(run, environment, version).check(request.jobs());
      } catch (Failure inTheWay) {
        refusals.add(
            "no backup can be made: " + inTheWay.message(),
            inTheWay.hint() + ", or add --no-backup");
      }
    }
    refusals.refuse();
  }

  private static void rethrow(Failure unreachable) {
    throw unreachable;
  }

  private static String words(Point point) {
    String findings = point.findings().isEmpty() ? "" : ": " + String.join(", ", point.findings());
    String limit = point.limit().isEmpty() ? "" : " (%s)".formatted(point.limit());
    return "%s: %s%s%s".formatted(point.name().word(), point.value(), limit, findings);
  }

  private static String remedy(Point point) {
    String accept = "when that may be so: --accept " + point.name().word();
    return point.hint() == null ? accept : point.hint() + ", or " + accept;
  }
}
