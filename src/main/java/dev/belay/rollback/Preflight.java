package dev.belay.rollback;

import dev.belay.backup.SafetyBackup;
import dev.belay.batch.BatchRuns;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.flyway.FlywayLock;
import dev.belay.flyway.HistoryForm;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.Migration;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoProof;
import dev.belay.undo.UndoScript;
import dev.belay.undo.UndoStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that speaks against an undo, found at once and before anything is changed. */
final class Preflight {
  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;

  /**
   * @param environment for finding pg_dump
   * @param version of this program
   */
  Preflight(GuardedRun run, Map<String, String> environment, String version) {
    this.run = run;
    this.environment = environment;
    this.version = version;
  }

  /**
   * Stops at a server that takes no changes, before a plan is made.
   *
   * @throws Failure UNAVAILABLE
   */
  static void refuseStandby(Database session) {
    if (ServerInfo.of(session).inRecovery()) {
      throw Failure.unavailable(
          "%s is a standby, which takes no changes".formatted(session.target()),
          "name the primary with --url");
    }
  }

  /** That a migration of the app is running; empty: none is. */
  static Optional<Failure> running(Database session, AppSettings app) {
    return FlywayLock.holder(session, app)
        .map(
            holder ->
                Failure.refused(
                    "a migration of the app '%s' is running: Flyway's lock is held by %s"
                        .formatted(app.name(), holder),
                    "run the same command again when it is done"));
  }

  /**
   * Looks.
   *
   * @param ledger whether the ledger can be written
   * @throws Failure REFUSED with all that speaks against it
   */
  void refuse(Database session, UndoPlan plan, RollbackRequest request, boolean ledger) {
    Refusals refusals = new Refusals();
    AppSettings app = plan.app();
    running(session, app).ifPresent(refusals::add);
    if (!HistoryForm.read(session, app).isTable()) {
      refusals.add(
          "%s is not a table".formatted(HistoryLock.table(app).plain()),
          "see what it is with: psql -c '\\d+'");
    }
    List<String> failed =
        plan.state().migrations().stream()
            .filter(migration -> migration.flywayState().isFailed())
            .map(Migration::name)
            .toList();
    if (!failed.isEmpty()) {
      refusals.add(
          "Flyway's table has failed migrations, of which nobody knows what they did: "
              + String.join(", ", failed),
          "see what to do with: belay resolve-conflicts " + app.name());
    }
    plan.state()
        .unreadableRows()
        .forEach(
            row ->
                refusals.add(
                    "Flyway's table cannot be read by Flyway: " + row,
                    "see what to do with: belay resolve-conflicts " + app.name()));
    if (plan.steps().isEmpty()) {
      refusals.add("there is nothing to undo", "see the state with: belay list-migrations");
    }
    for (UndoStep step : plan.steps()) {
      if (step.migration().version() != null && step.script().isEmpty()) {
        refusals.add(
            "%s has no undo script".formatted(step.migration().name()),
            "add one to the undo locations, or use --generated, or --restore");
      }
      if (step.parsed().map(parsed -> parsed.isEmpty()).orElse(false)) {
        refusals.add(
            "%s has no statement: an empty undo is none"
                .formatted(step.script().map(UndoScript::name).orElse("")),
            "write what takes the migration back");
      }
      if (request.hold() && step.migration().version() == null) {
        refusals.add(
            "%s is repeatable, and those cannot be held".formatted(step.migration().name()),
            "leave --hold out");
      }
    }
    UndoProof proof = plan.proof();
    boolean disproven =
        proof.verdict() == UndoProof.Verdict.FAILS || proof.verdict() == UndoProof.Verdict.DIFFERS;
    if (disproven && !request.unproven()) {
      refusals.add(
          proof.verdict() == UndoProof.Verdict.FAILS
              ? "in a scratch database the undo fails: " + proof.reason().orElse("")
              : "in a scratch database the undo gives another schema: "
                  + String.join("; ", proof.differences()),
          "mend the undo scripts; or, when you know better, add --unproven");
    }
    if (proof.verdict() == UndoProof.Verdict.NOT_TRIED
        && plan.isComplete()
        && plan.steps().stream().anyMatch(step -> step.script().isPresent())
        && !request.unproven()) {
      refusals.add(
          "the undo could not be tried in a scratch database: " + proof.reason().orElse(""),
          "mend that; or, when you know what the scripts do, add --unproven");
    }
    // Without a script there is nothing to try, and that is said already.
    if (request.hold() && plan.isComplete()) {
      UnseenRepeatables.againstHold(plan, "leave --hold out").ifPresent(refusals::add);
    }
    if (request.hold() && !plan.vanishing().isEmpty() && !ledger) {
      refusals.add(
          "%s would vanish, and this role cannot write the ledger, which has to know that until what is held is reopened"
              .formatted(plan.vanishing().get(0).name()),
          "let the role write the schema belay, or leave --hold out");
    }
    // What is only estimated may be less, and is counted under the locks; what is counted is not.
    List<UndoLoss> counted = plan.losses().stream().filter(UndoLoss::exact).toList();
    try {
      request.refuseLoss(
          counted.stream().mapToLong(UndoLoss::rows).sum(), LossAccount.words(plan.losses()));
    } catch (Failure tooMuch) {
      refusals.add(tooMuch);
    }
    if (request.backup()) {
      try {
        new SafetyBackup(run, environment, version).check(request.jobs());
      } catch (Failure inTheWay) {
        refusals.add(
            "no backup can be made: " + inTheWay.message(),
            inTheWay.hint() + ", or add --no-backup");
      }
    }
    try {
      BatchRuns.refuseOpen(session, HistoryLock.table(app));
    } catch (Failure open) {
      refusals.add(open);
    }
    refusals.refuse();
  }
}
