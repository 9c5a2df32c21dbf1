package dev.belay.points;

import dev.belay.cli.Consent;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.dataset.ExportFile;
import dev.belay.diff.Cascade;
import dev.belay.diff.MergeConsent;
import dev.belay.diff.MergeOutcome;
import dev.belay.diff.MergePlan;
import dev.belay.diff.MergeResult;
import dev.belay.diff.MergeSteps;
import dev.belay.diff.TableMerge;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.points.StoredPoint.Status;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings tables back to a rollback point, in one transaction. What is taken away is kept as another
 * point before, so that this too can be taken back.
 */
public final class ExecutePoint {
  /** The option that keeps triggers out. */
  public static final String TRIGGERS_OFF = "--triggers off";

  /** The hint of a proof that failed. */
  static final String WITHOUT_TRIGGERS = "bring it back without the triggers: " + TRIGGERS_OFF;

  private final GuardedRun run;
  private final String version;

  /**
   * @param version of this program
   */
  public ExecutePoint(GuardedRun run, String version) {
    this.run = run;
    this.version = version;
  }

  /**
   * Brings them back, under the operation lock of the target.
   *
   * @throws Failure whatever stops it; the target is as before, unless it is INCOMPLETE
   */
  ExecuteReport run(StoredPoint point, ExecuteRequest request, Consent consent) {
    run.target();
    if (request.dryRun()) {
      return execute(point, request, consent, true);
    }
    run.recover();
    try (OperationLock lock = run.lock();
        Journal journal = run.journal()) {
      journal.step("execute-point", Map.of("point", point.id(), "type", request.type().word()));
      ExecuteReport report = execute(point, request, consent, true);
      journal.end("ok");
      return report;
    }
  }

  /**
   * Brings them back for somebody who holds the operation lock.
   *
   * @param keepsWhatIsTaken whether what is taken away is kept as a point before
   * @throws Failure whatever stops it; the target is as before, unless it is INCOMPLETE
   */
  public ExecuteReport execute(
      StoredPoint point, ExecuteRequest request, Consent consent, boolean keepsWhatIsTaken) {
    Instant begin = Instant.now();
    refuseUnfit(point, request);
    try (ExportFile export = PointMerging.open(point, run.progress())) {
      PointScope scope = scope(export, request);
      Before before = new Before(export, scope, request, consent, point, keepsWhatIsTaken);
      MergeResult result;
      try (before) {
        result = new PointMerging(run, scope).merge(export, request, before, before);
      } catch (Failure broken) {
        if (leftItAlone(broken)) {
          before.nothingWasTaken();
        }
        throw broken;
      }
      Optional<MergeOutcome> done = result.outcome();
      if (done.isPresent()) {
        record(point, request, done.get(), before);
      }
      return ExecuteReport.of(
          run.target(),
          point,
          request,
          scope,
          result,
          before.proven,
          before.made(),
          Duration.between(begin, Instant.now()));
    }
  }

  /**
   * Brings all tables of a point back, for somebody who holds the operation lock and agreed to it
   * beforehand. Where triggers change what is written, it is done once more without them.
   *
   * @throws Failure whatever stops it; the target is as before, unless it is INCOMPLETE
   */
  public ExecuteReport bringBack(String id, boolean triggers) {
    try {
      return broughtBack(id, triggers);
    } catch (Failure changedByTrigger) {
      if (!triggers || !needsTriggersOff(changedByTrigger)) {
        throw changedByTrigger;
      }
      run.progress().warn(changedByTrigger.message() + "; once more without the triggers");
      try {
        return broughtBack(id, false);
      } catch (Failure second) {
        if (second.exitCode() == ExitCode.REFUSED) {
          // The triggers are somebody else's, who has to do it.
          changedByTrigger.addSuppressed(second);
          throw changedByTrigger;
        }
        throw second;
      }
    }
  }

  /** Whether that failed because triggers changed what was written. */
  public static boolean needsTriggersOff(Throwable broken) {
    return broken instanceof Failure failure && failure.hint().equals(WITHOUT_TRIGGERS);
  }

  private ExecuteReport broughtBack(String id, boolean triggers) {
    Path folder = run.settings().folders().dataExports();
    return execute(
        new PointFolder(folder).find(folder, id),
        new ExecuteRequest(ExecutionType.FULL, List.of(), false, triggers, false),
        plan -> true,
        true);
  }

  private static void refuseUnfit(StoredPoint point, ExecuteRequest request) {
    boolean byData = request.type() == ExecutionType.BACKUP;
    if (point.record().isEmpty() && !byData) {
      throw Failure.refused(
          "the rollback point %s has no record that can be read: %s"
              .formatted(point.id(), point.problem().orElse("it is not there")),
          "bring the tables back by its data alone: --type backup");
    }
    if (point.status() == Status.DAMAGED && point.record().isPresent()) {
      throw Failure.findings(
          "the rollback point %s is damaged: %s".formatted(point.id(), point.problem().orElse("")),
          "put its files back from a copy, or use another: belay rollback-point list");
    }
  }

  private PointScope scope(ExportFile export, ExecuteRequest request) {
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      return PointScope.of(session, run.settings(), export.header(), request);
    }
  }

  /** The rows are back already, so what cannot be written here is only said. */
  private void record(StoredPoint point, ExecuteRequest request, MergeOutcome done, Before before) {
    if (point.record().isEmpty()) {
      return;
    }
    PointRecord record =
        point
            .record()
            .get()
            .with(
                new PointExecution(
                    Instant.now(),
                    request.type().word(),
                    Who.here(),
                    run.run().text(),
                    done.added(),
                    done.changed(),
                    done.removed(),
                    before.proven,
                    before.made()));
    try {
      Path folder = point.data().toAbsolutePath().getParent();
      if (folder != null) {
        new PointFolder(folder).replace(record);
      }
    } catch (IOException cannot) {
      run.progress().warn("the record of the point could not be written again: " + cannot);
    }
  }

  /** What is done between the plan and the commit. */
  private final class Before implements MergeConsent, MergeSteps, AutoCloseable {
    private final ExportFile export;
    private final PointScope scope;
    private final ExecuteRequest request;
    private final Consent consent;
    private final StoredPoint point;
    private final boolean keeps;
    private final Instant begin = Instant.now();
    private @Nullable PointClaim claim;
    private @Nullable PointRecord made;
    private boolean proven;

    Before(
        ExportFile export,
        PointScope scope,
        ExecuteRequest request,
        Consent consent,
        StoredPoint point,
        boolean keeps) {
      this.export = export;
      this.scope = scope;
      this.request = request;
      this.consent = consent;
      this.point = point;
      this.keeps = keeps;
    }

    Optional<String> made() {
      return Optional.ofNullable(made).map(PointRecord::id);
    }

    @Override
    public boolean given(MergePlan plan, Optional<MergePlan> agreed) {
      if (plan.empty()) {
        return false;
      }
      if (claim == null && keeps && takesAway(plan) && !request.dryRun()) {
        claimed();
      }
      boolean go = false;
      try {
        go =
            consent.given(
                new ExecutePlan(run.target(), point, export, request, scope)
                    .of(plan, Optional.ofNullable(claim).map(PointClaim::data)));
        return go;
      } finally {
        if (!go) {
          close();
        }
      }
    }

    /** The same id in every attempt, since the plan has named it. */
    private PointClaim claimed() {
      PointClaim taken = claim;
      if (taken == null) {
        taken = PointClaim.take(run.settings().folders().dataExports(), "before_" + name(), begin);
        claim = taken;
      }
      return taken;
    }

    @Override
    public boolean takesLong(MergePlan plan) {
      return !plan.empty() && consent.asksPerson();
    }

    private String name() {
      return point.record().map(PointRecord::name).orElse(point.id());
    }

    private static boolean takesAway(MergePlan plan) {
      return plan.sum(table -> table.change() + table.remove()) > 0 || !plan.cascades().isEmpty();
    }

    /** A row that is taken away is until the commit as it is now, so this point has it so. */
    @Override
    public void before(MergePlan plan) {
      if (!keeps || !takesAway(plan)) {
        return;
      }
      if (made != null) {
        // Of an attempt that somebody else was in the way of: rows may have changed since.
        discard(made);
        made = null;
        close();
      }
      PointClaim taken = claimed();
      Set<TableName> touched = new TreeSet<>();
      plan.tables().stream()
          .filter(table -> table.touched() > 0)
          .map(TableMerge::table)
          .forEach(touched::add);
      plan.cascades().stream().map(Cascade::table).forEach(touched::add);
      run.progress().step("keeping what is there now in " + taken.data());
      made =
          new CreatePoint(run, version)
              .run(
                  new PointRequest(
                      Optional.of("before_" + name()),
                      Optional.of(
                          "what was there before %s was executed (%s)"
                              .formatted(point.id(), request.type().word())),
                      PointRequest.BEFORE,
                      live -> List.copyOf(touched)),
                  "before_" + name(),
                  taken);
    }

    /** The point of what would have been taken away is of no use then. */
    void nothingWasTaken() {
      if (made != null) {
        discard(made);
        made = null;
      }
    }

    private void discard(PointRecord old) {
      PointFolder folder = new PointFolder(run.settings().folders().dataExports());
      folder.list().stream().filter(each -> each.id().equals(old.id())).forEach(folder::delete);
    }

    @Override
    public void written(Database session) {
      proven = new Proof(run.progress()).prove(session, point, request, scope);
    }

    @Override
    public void close() {
      // One whose record has its name keeps it.
      if (claim != null) {
        claim.close();
        claim = null;
      }
    }
  }

  /** Whether a failure of an execution left the target as it was. */
  private static boolean leftItAlone(Failure failure) {
    return failure.exitCode() != ExitCode.INCOMPLETE && failure.exitCode() != ExitCode.UNEXPECTED;
  }
}
