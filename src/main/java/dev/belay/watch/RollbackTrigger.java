package dev.belay.watch;

import dev.belay.cli.Announcement;
import dev.belay.cli.Consent;
import dev.belay.cli.Plan;
import dev.belay.cli.Progress;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Severity;
import dev.belay.postgres.Database;
import dev.belay.report.Report;
import dev.belay.rollback.RollbackMigration;
import dev.belay.rollback.RollbackRequest;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoPlanning;
import dev.belay.undo.UndoProof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes a migration back that is proven to go without loss: rehearsed in a scratch database before
 * the watch begins, and again at the moment when it comes to it.
 */
final class RollbackTrigger implements Trigger {
  private final GuardedRun run;
  private final RollbackRequest request;
  private final Map<String, String> environment;
  private final String version;
  private final Consent standing;
  private @Nullable Plan rehearsed;

  /**
   * @param environment for finding pg_dump and pg_restore
   * @param version of this program
   * @param standing the consent that was given when the watch began
   */
  RollbackTrigger(
      GuardedRun run,
      RollbackRequest request,
      Map<String, String> environment,
      String version,
      Consent standing) {
    this.run = run;
    this.request = request;
    this.environment = environment;
    this.version = version;
    this.standing = standing;
  }

  /**
   * Tries it in a scratch database. Nothing is changed.
   *
   * @return what it would do
   * @throws Failure REFUSED when it is not proven, loses something, or something else speaks
   *     against it
   */
  Plan rehearse() {
    List<Plan> shown = new ArrayList<>();
    rollback()
        .run(
            request,
            true,
            plan -> {
              shown.add(plan);
              return false;
            });
    Plan plan = shown.get(0);
    rehearsed = plan;
    return plan;
  }

  private RollbackMigration rollback() {
    Progress progress = run.progress();
    return new RollbackMigration(run, live -> lossFree(plan(live, progress)), environment, version);
  }

  private UndoPlan plan(Database live, Progress progress) {
    return UndoPlanning.plan(run.settings(), run.databases(), live, request.undo(), progress);
  }

  /** What nobody looks at when it happens must be certain. */
  static UndoPlan lossFree(UndoPlan plan) {
    UndoProof proof = plan.proof();
    String migrations =
        plan.steps().stream()
            .map(step -> step.migration().name())
            .collect(Collectors.joining(", "));
    if (proof.verdict() != UndoProof.Verdict.PROVEN) {
      throw Failure.refused(
          "the undo of %s is not proven: %s"
              .formatted(
                  migrations,
                  proof.reason().orElseGet(() -> String.join("; ", proof.differences()))),
          "see what is missing with: belay rollback-migration %s --dry-run"
              .formatted(plan.steps().isEmpty() ? "" : plan.steps().get(0).migration().name()));
    }
    List<UndoLoss> losses =
        plan.losses().stream().filter(loss -> loss.rows() > 0 || !loss.exact()).toList();
    if (!losses.isEmpty()) {
      throw Failure.refused(
          "the undo of %s would lose data, and nobody would be asked: %s"
              .formatted(
                  migrations,
                  losses.stream().map(RollbackTrigger::words).collect(Collectors.joining(", "))),
          "let the watch only tell, and decide then: leave --rollback out");
    }
    return plan;
  }

  private static String words(UndoLoss loss) {
    return "%s%d %s of %s%s"
        .formatted(
            loss.exact() ? "" : "about ",
            loss.rows(),
            loss.column().isPresent() ? "values" : "rows",
            loss.table().plain(),
            loss.column().map(column -> "." + column).orElse(""));
  }

  @Override
  public String words() {
    Plan plan = rehearsed;
    return plan == null ? "undo " + request.undo().migration() : plan.title();
  }

  @Override
  public boolean endsTheWatch() {
    return true;
  }

  /** This machine may be another than the database's, and no migration fills its memory. */
  @Override
  public boolean concerns(Measure measure) {
    return measure != Measure.MEMORY && measure != Measure.DISK;
  }

  @Override
  public Pulled pull(Breach breach, BooleanSupplier still) {
    if (!still.getAsBoolean()) {
      return over(breach);
    }
    run.progress()
        .step("undoing %s, since %s".formatted(request.undo().migration(), breach.words()));
    Instant at = Instant.now();
    AtomicBoolean overMeanwhile = new AtomicBoolean();
    try {
      Report report =
          rollback()
              .run(
                  request,
                  false,
                  plan -> {
                    // What comes before this takes long enough for the breach to be over.
                    if (!still.getAsBoolean()) {
                      overMeanwhile.set(true);
                      throw Failure.refused(
                          breach.threshold() + " is within its limit again",
                          "nothing is to be done");
                    }
                    return standing.given(plan);
                  });
      report.lines(run.progress()::toPaste).forEach(run.progress()::step);
      announce(
          Announcement.Type.ROLLBACK_COMPLETED,
          Severity.WARNING,
          "%s was undone in %s, since %s"
              .formatted(request.undo().migration(), run.target(), breach.words()));
      return new Pulled(
          "rollback",
          breach.threshold(),
          at,
          report.lines().isEmpty() ? "done" : report.lines().get(0),
          null,
          report.exitCode());
    } catch (Failure failure) {
      if (failure.exitCode() == ExitCode.INCOMPLETE || failure.exitCode() == ExitCode.UNEXPECTED) {
        throw failure;
      }
      if (overMeanwhile.get()) {
        return over(breach);
      }
      run.progress().warn(failure.message());
      announce(
          Announcement.Type.THRESHOLD_BREACHED,
          Severity.CRITICAL,
          "%s was not undone in %s: %s"
              .formatted(request.undo().migration(), run.target(), failure.message()));
      return new Pulled(
          "rollback",
          breach.threshold(),
          at,
          "not undone, the database was not changed: %s; %s"
              .formatted(failure.message(), failure.hint()),
          null,
          failure.exitCode());
    }
  }

  private Pulled over(Breach breach) {
    String words =
        "not undone, the database was not changed: %s is within its limit again"
            .formatted(breach.threshold());
    run.progress().step(words);
    return new Pulled("rollback", breach.threshold(), Instant.now(), words, null, ExitCode.REFUSED);
  }

  private void announce(Announcement.Type type, Severity severity, String title) {
    run.progress()
        .announce(
            new Announcement(
                type,
                severity,
                title,
                Map.of(
                    "database", run.target().toString(),
                    "migration", request.undo().migration())));
  }
}
