package dev.belay.gradual;

import dev.belay.batch.BatchRun;
import dev.belay.batch.BatchRuns;
import dev.belay.batch.ThrottleSight;
import dev.belay.cli.Consent;
import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.FlywayLock;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.HistoryQueries;
import dev.belay.journal.OperationLock;
import dev.belay.ledger.Ledger;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.rollback.UnseenRepeatables;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoPlanning;
import dev.belay.undo.UndoProof;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes migrations back while applications work: prepares, changes the data in batches, switches
 * the schema in one short transaction, and looks whether all is well. Killed anywhere, the same
 * command goes on.
 */
final class GradualRollback {
  private final GuardedRun run;
  private final GradualAsked.Asking asking;
  private final Map<String, String> environment;
  private final String version;
  private GradualAsked asked;

  /**
   * @param environment for finding pg_dump
   * @param version of this program
   */
  GradualRollback(
      GuardedRun run, GradualAsked.Asking asking, Map<String, String> environment, String version) {
    this.run = run;
    this.asking = asking;
    this.asked = asking.with(List.of());
    this.environment = environment;
    this.version = version;
  }

  /**
   * Does it, or goes on with it.
   *
   * @throws Failure REFUSED with what speaks against it before anything is changed; INCOMPLETE when
   *     it ended on the way, with how far it is
   */
  Report run(boolean dryRun, Consent consent) {
    if (!dryRun) {
      run.recover();
    }
    try (Database session = run.databases().open(run.target())) {
      if (ServerInfo.of(session).inRecovery()) {
        throw Failure.unavailable(
            "%s is a standby, which takes no changes".formatted(session.target()),
            "name the primary with --url");
      }
      TableName history = HistoryLock.table(app());
      Optional<BatchRun> open = open(session, history);
      if (open.isPresent() && open.get().phase().equals("verify")) {
        Report finished = finish(session, open.get(), dryRun);
        if (!asksForMore(session, open.get()) || finished.exitCode() != ExitCode.OK) {
          return finished;
        }
        finished.lines(run.progress()::toPaste).forEach(line -> run.progress().step(line));
        open = Optional.empty();
      }
      open.ifPresent(this::takeOptions);
      return plannedAndDone(session, history, open, consent);
    }
  }

  private Report plannedAndDone(
      Database session, TableName history, Optional<BatchRun> open, Consent consent) {
    GradualRequest request = asked.request();
    UndoPlan undo =
        UndoPlanning.plan(run.settings(), run.databases(), session, request.undo(), run.progress());
    GradualPlan cut = GradualPlan.of(undo, asked.atOnce());
    open.ifPresent(begun -> refuseOther(begun, cut));
    GradualPlan plan = cut.with(SyncLosses.count(session, undo, cut.syncs()));
    refuse(session, plan, open);
    if (!consent.given(
        new GradualPlanText(run, plan, request).of(session, open, BatchRuns::progress))) {
      return GradualReport.wouldBe(run, plan);
    }
    try (OperationLock lock = run.lock()) {
      if (!open(session, history).map(BatchRun::id).equals(open.map(BatchRun::id))
          || !HistoryQueries.read(session, undo.app()).equals(undo.state().history())) {
        throw Failure.refused(
            "somebody else was at it while the plan was shown",
            "look at the new plan: run the same command again");
      }
      GradualPhases phases =
          new GradualPhases(
              run, lock, plan, request, environment, version, asked.command(), asked.options());
      if (open.isPresent()) {
        phases.takeUp(session, open.get());
      } else {
        phases.prepare(session);
      }
      phases.data(session);
      FailPoint.reached("gradual-data-done");
      phases.switchSchema();
      FailPoint.reached("gradual-switched");
      return phases.verify();
    }
  }

  private static Optional<BatchRun> open(Database session, TableName history) {
    Optional<BatchRun> open =
        Ledger.present(session) ? BatchRuns.open(session, history) : Optional.empty();
    if (open.isPresent() && open.get().alive()) {
      throw Failure.refused(
          "run %d is at it: another belay takes %s of %s back"
              .formatted(open.get().id(), open.get().migration(), open.get().app()),
          "see how far it is: belay batch status");
    }
    return open;
  }

  /** Only what is left after a switch that was committed. */
  private Report finish(Database session, BatchRun begun, boolean dryRun) {
    run.progress()
        .step(
            "the schema was switched by run %d; what is left is to look whether all is well"
                .formatted(begun.id()));
    if (dryRun) {
      return GradualReport.onlyVerified(run, begun, List.of(), List.of(), true);
    }
    GradualRequest request = asking.with(begun.kept().options()).request();
    try (OperationLock lock = run.lock()) {
      lock.check();
      List<String> problems =
          new GradualVerification(run, request.undo().app(), request.undo().jars())
              .after(Map.of())
              .problems();
      BatchRuns.finish(session, begun.id());
      return GradualReport.onlyVerified(
          run, begun, BatchRuns.progress(session, begun.id()), problems, false);
    } catch (Failure broken) {
      throw GradualFailures.notLookedAt(broken, begun.again());
    }
  }

  /** Whether what was asked for is applied, and so not what the finished run took back. */
  private boolean asksForMore(Database session, BatchRun finished) {
    String named = name(asked.request().undo().migration());
    return !named.equals(name(finished.migration()))
        || HistoryQueries.read(session, app()).inForce().stream()
            .anyMatch(row -> named.equals(row.version()));
  }

  /** The version, of a version or a file of one. */
  private static String name(String migration) {
    return migration.replaceFirst("\\A[Vv](?=[0-9])", "").replaceFirst("__.*", "");
  }

  private AppSettings app() {
    return run.settings().app(asked.request().undo().app());
  }

  /** What protects goes on protecting, though the command that goes on does not name it again. */
  private void takeOptions(BatchRun begun) {
    asked = asking.with(begun.kept().options());
    if (!begun.kept().options().isEmpty()) {
      run.progress()
          .step(
              "run %d was begun with %s; together with what is given now: %s"
                  .formatted(
                      begun.id(),
                      ShellWords.join(begun.kept().options()),
                      ShellWords.join(asked.options())));
    }
  }

  private static void refuseOther(BatchRun begun, GradualPlan plan) {
    if (begun.planSha256().equals(plan.sha256())) {
      return;
    }
    List<String> was = begun.plan();
    List<String> is = plan.words();
    int at = 0;
    while (at < was.size() && at < is.size() && was.get(at).equals(is.get(at))) {
      at++;
    }
    throw Failure.refused(
        "run %d, which takes %s back, is not over, and did something else: there it says \"%s\", and here \"%s\""
            .formatted(begun.id(), begun.migration(), word(was, is, at), word(is, was, at)),
        "make the script what it was and go on with: %s; or give that run up with: belay batch abort --discard %d"
            .formatted(begun.again(), begun.id()));
  }

  /** A statement from shortly before the place at which it differs from the other one. */
  private static String word(List<String> words, List<String> others, int at) {
    if (at >= words.size()) {
      return "nothing more";
    }
    String line = words.get(at).replaceAll("\\s+", " ");
    String other = at < others.size() ? others.get(at).replaceAll("\\s+", " ") : "";
    int same = 0;
    while (same < Math.min(line.length(), other.length())
        && line.charAt(same) == other.charAt(same)) {
      same++;
    }
    int begin = Math.max(0, same - 50);
    int end = Math.min(line.length(), same + 50);
    return (begin > 0 ? "…" : "") + line.substring(begin, end) + (end < line.length() ? "…" : "");
  }

  /**
   * What was proven when a run was begun is tried again when it goes on: what the switch takes away
   * is counted by that.
   */
  private void refuse(Database session, GradualPlan plan, Optional<BatchRun> open) {
    GradualRequest request = asked.request();
    FlywayLock.holder(session, plan.undo().app())
        .ifPresent(
            holder -> {
              throw Failure.refused(
                  "a migration of the app '%s' is running: Flyway's lock is held by %s"
                      .formatted(plan.undo().app().name(), holder),
                  "run the same command again when it is done");
            });
    UndoProof proof = plan.undo().proof();
    boolean fails = proof.verdict() == UndoProof.Verdict.FAILS;
    if ((fails || proof.verdict() == UndoProof.Verdict.DIFFERS) && !request.unproven()) {
      throw Failure.refused(
          fails
              ? "in a scratch database the undo fails: " + proof.reason().orElse("")
              : "in a scratch database the undo gives another schema: "
                  + String.join("; ", proof.differences()),
          "mend the undo scripts; or, when you know better, add --unproven");
    }
    if (proof.verdict() == UndoProof.Verdict.NOT_TRIED && !request.unproven()) {
      throw Failure.refused(
          "the undo could not be tried in a scratch database: " + proof.reason().orElse(""),
          "mend that; or, when you know what the scripts do, add --unproven");
    }
    if (request.hold()) {
      String instead =
          open.map(begun -> "give the run up with: belay batch abort --discard " + begun.id())
              .orElse("leave --hold out");
      UnseenRepeatables.againstHold(plan.undo(), instead)
          .ifPresent(
              refused -> {
                throw refused;
              });
    }
    plan.refuseLoss(request.acceptedLoss());
    ThrottleSight.check(session, request.limits()).ifPresent(run.progress()::warn);
  }
}
