package dev.belay.guard;

import dev.belay.backup.SafetyBackup;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.readiness.Point;
import dev.belay.readiness.Readiness;
import dev.belay.readiness.ReadinessReport;
import dev.belay.readiness.ReadinessRequest;
import dev.belay.readiness.Topic;
import dev.belay.report.CheckStatus;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Refuses all that speaks against running a command, before it runs. Reads only. */
final class GuardPreflight {
  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;

  /**
   * @param environment of this program
   * @param version of this program
   */
  GuardPreflight(GuardedRun run, Map<String, String> environment, String version) {
    this.run = run;
    this.environment = environment;
    this.version = version;
  }

  /**
   * Looks, and refuses.
   *
   * @throws Failure UNAVAILABLE when the server is a standby; REFUSED with all that speaks against
   *     it
   */
  void refuse(GuardRequest request) {
    try (Database session = run.databases().open(run.target())) {
      if (ServerInfo.of(session).inRecovery()) {
        throw Failure.unavailable(
            "%s is a standby, which takes no changes".formatted(run.target()),
            "name the primary with --url");
      }
    }
    Refusals refusals = new Refusals();
    if (request.preflight()) {
      unready(request).forEach(refusals::add);
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

  /** What keeps one from going back, as far as this run does not see to it by itself. */
  private List<Failure> unready(GuardRequest request) {
    ReadinessRequest wanted =
        ReadinessRequest.of(run.settings().apps())
            .without(Topic.UNDO_SCRIPTS, Topic.DRILL, Topic.UNFINISHED_RUNS)
            .without(request.accepted().toArray(Topic[]::new));
    if (request.backup().isPresent()) {
      wanted = wanted.without(Topic.BACKUP);
    }
    ReadinessReport report =
        new Readiness(run.databases(), run.settings(), environment).look(wanted);
    List<Failure> failures = new ArrayList<>();
    for (Point point : report.points()) {
      String what = "%s: %s".formatted(point.name().word(), point.value());
      if (point.status() == CheckStatus.FAILED) {
        String hint = "or, when you know better, --accept " + point.name().word();
        failures.add(
            Failure.refused(what, point.hint() == null ? hint : point.hint() + "; " + hint));
      } else if (point.status() != CheckStatus.PASSED) {
        run.progress().warn("readiness: " + what);
      }
    }
    return failures;
  }
}
