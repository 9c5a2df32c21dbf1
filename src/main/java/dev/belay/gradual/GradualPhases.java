package dev.belay.gradual;

import dev.belay.batch.BatchKept;
import dev.belay.batch.BatchRun;
import dev.belay.batch.BatchRuns;
import dev.belay.batch.BatchSettings;
import dev.belay.batch.BatchState;
import dev.belay.batch.Batching;
import dev.belay.batch.SyncColumns;
import dev.belay.batch.SyncMark;
import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.flyway.FlywayLock;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.ScriptSession;
import dev.belay.journal.OperationLock;
import dev.belay.ledger.Ledger;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.rollback.UnseenRepeatables;
import dev.belay.schema.FoundDifference;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.CommitOutcome;
import dev.belay.undo.UndoExecution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The four phases, each from where the ledger says that the last run left it. */
final class GradualPhases {
  private final GuardedRun run;
  private final OperationLock lock;
  private GradualPlan plan;
  private final GradualRequest request;
  private final GradualSaving saving;
  private final String version;
  private final String command;
  private final List<String> options;
  private final List<String> notes = new ArrayList<>();
  private Map<FoundDifference, String> before = Map.of();
  private long id;
  private String phase = "data";

  GradualPhases(
      GuardedRun run,
      OperationLock lock,
      GradualPlan plan,
      GradualRequest request,
      Map<String, String> environment,
      String version,
      String command,
      List<String> options) {
    this.run = run;
    this.lock = lock;
    this.plan = plan;
    this.request = request;
    this.saving = new GradualSaving(run, plan, request, environment, version);
    this.version = version;
    this.command = command;
    this.options = List.copyOf(options);
  }

  /** Phase 1: what only adds, the triggers, and the run in the ledger; all or nothing. */
  void prepare(Database session) {
    run.progress().step("phase 1 of 4: preparing");
    saving.save(lock);
    lock.check();
    AppSettings app = plan.undo().app();
    Duration longest = longestWait(session);
    AtomicInteger attempts = new AtomicInteger();
    id =
        GradualLocks.ladder(run, longest)
            .transaction(
                session,
                "preparing",
                () -> {
                  refuseMigration(session);
                  GradualSwitch.refuseChanged(session, plan);
                  Ledger.ensure(session);
                  GradualLocks.take(session, plan, longest, attempts.getAndIncrement());
                  UndoExecution execution = UndoExecution.begin(session, app);
                  plan.preparing().forEach(part -> execution.run(part.step(), part.statements()));
                  long begun =
                      BatchRuns.begin(
                          session,
                          HistoryLock.table(app),
                          app.name(),
                          request.undo().migration(),
                          plan.sha256(),
                          plan.words(),
                          run.run(),
                          plan.batches());
                  BatchRuns.keep(session, begun, kept());
                  int number = 0;
                  for (SyncMark sync : plan.syncs()) {
                    SyncColumns.read(session, sync).install(session, begun, ++number);
                  }
                  return begun;
                });
  }

  private BatchKept kept() {
    return new BatchKept(options, saving.backup(), saving.exports());
  }

  private void refuseMigration(Database session) {
    FlywayLock.holder(session, plan.undo().app())
        .ifPresent(
            holder -> {
              throw Failure.refused(
                  "a migration is running: Flyway's lock is held by " + holder,
                  "run the same command again when it is done");
            });
  }

  /** Goes on with what another run of the program began. */
  void takeUp(Database session, BatchRun begun) {
    run.progress().step("phase 1 of 4: prepared by run %d".formatted(begun.id()));
    id = begun.id();
    phase = begun.phase();
    saving.takeUp(begun.kept());
    BatchRuns.take(session, id, run.run());
    BatchRuns.keep(session, id, kept());
  }

  /** Phase 2: the data in batches. */
  void data(Database session) {
    if (!phase.equals("data")) {
      run.progress().step("phase 2 of 4: the data is done");
      return;
    }
    run.progress()
        .step(
            "phase 2 of 4: the data, in batches; pause it with: "
                + run.progress().toPaste("belay batch pause"));
    try {
      batches(session);
      // The session of the command was idle for as long as the data took.
      try (Database fresh = run.databases().open(run.target())) {
        BatchRuns.phase(fresh, id, "data", "schema");
      }
    } catch (Failure broken) {
      throw failures().halfDone(broken);
    }
    phase = "schema";
  }

  private void batches(Database session) {
    boolean done =
        new Batching(
                run.databases(),
                run.target(),
                BatchSettings.of(request.pace(), request.limits(), searchPath(session)),
                run.progress())
            .run(id, plan.batches());
    if (!done) {
      throw failures().aborted();
    }
  }

  /**
   * What applications wrote while it waited, no trigger keeps true where columns are not paired.
   */
  private void onceMore(Database session) {
    if (plan.late().isEmpty()) {
      return;
    }
    run.progress().step("going over rows that came during the wait");
    for (int step = 0; step < plan.batches().size(); step++) {
      if (plan.late().contains(plan.batches().get(step))) {
        BatchRuns.again(session, id, step);
      }
    }
    batches(session);
  }

  private String searchPath(Database session) {
    return session.inTransaction(
        () -> {
          ScriptSession.begin(session, plan.undo().app());
          String path = session.text("select pg_catalog.current_setting('search_path')");
          ScriptSession.end(session);
          return path;
        });
  }

  /** Phase 3: the switch. */
  void switchSchema() {
    try (Database session = run.databases().open(run.target())) {
      before = verification().before();
      boolean waits = request.waitBeforeSwitch();
      do {
        if (new SwitchWait(run, lock, plan, command, id).await(session, waits)) {
          onceMore(session);
        }
        waits = false;
        run.progress().step("phase 3 of 4: the schema");
        notes.clear();
        SyncAgreement agreement = SyncAgreement.look(session, plan.syncs(), command);
        notes.addAll(agreement.notes());
        plan = plan.with(new SyncLosses(agreement.unkept(), List.of()));
        plan.refuseLoss(request.acceptedLoss());
        new SwitchLoss(plan, request.acceptedLoss()).refuse(session);
        saving.saveAgain(plan);
        BatchRuns.keep(session, id, kept());
        lock.check();
      } while (!switched(session));
    } catch (Failure broken) {
      throw failures().halfDone(broken);
    }
  }

  /**
   * Switches.
   *
   * @return false: somebody wants it to wait
   */
  private boolean switched(Database session) {
    GradualSwitch work = new GradualSwitch(run, plan, request, saving, version, id);
    try {
      Duration longest = longestWait(session);
      BatchState was =
          GradualLocks.ladder(run, longest)
              .transaction(session, "switching the schema", () -> work.once(session, longest));
      if (was == BatchState.RUNNING) {
        notes.addAll(work.notes());
      }
      if (was == BatchState.RUNNING || was == BatchState.PAUSED) {
        return was == BatchState.RUNNING;
      }
    } catch (Failure broken) {
      if (broken.exitCode() != ExitCode.INCOMPLETE
          || !SqlState.lostConnection(broken)
          || work.transaction() == 0) {
        throw broken;
      }
      settle(work.transaction(), broken);
      notes.addAll(work.notes());
      return true;
    }
    throw failures().aborted();
  }

  private void settle(long transaction, Failure lost) {
    run.progress()
        .warn("the connection was lost during the commit; asking the server what became of it");
    CommitOutcome outcome = CommitOutcome.of(run.databases(), run.target(), transaction, lost);
    switch (outcome.became()) {
      case COMMITTED -> run.progress().step("the server says that it was committed");
      case ABORTED -> throw lost;
      case UNKNOWN ->
          throw Failure.incomplete(
              "the connection was lost during the commit of the switch, and what became of it could not be found out: "
                  + outcome.reason(),
              "the data is done; transaction %d may have switched the schema, wholly or not at all"
                  .formatted(transaction),
              "when the server is back, which finds out: " + command);
    }
  }

  private GradualVerification verification() {
    return new GradualVerification(run, plan.undo().app().name(), request.undo().jars());
  }

  /** Phase 4: whether all is well. */
  GradualReport verify() {
    run.progress().step("phase 4 of 4: looking whether all is well");
    try {
      GradualVerification.Found found = verification().after(before);
      notes.addAll(found.notes());
      UnseenRepeatables.words(plan.undo()).ifPresent(notes::add);
      try (Database fresh = run.databases().open(run.target())) {
        BatchRuns.finish(fresh, id);
        return GradualReport.done(
            run,
            plan,
            id,
            BatchRuns.progress(fresh, id),
            saving.backup(),
            saving.exports(),
            notes,
            found.problems());
      }
    } catch (Failure broken) {
      throw GradualFailures.notLookedAt(broken, command);
    }
  }

  /** Whoever comes after a statement that waits for a lock waits too, so it waits only briefly. */
  private Duration longestWait(Database session) {
    return GradualLocks.longestWait(session, run.settings().lockTimeout());
  }

  private GradualFailures failures() {
    return new GradualFailures(run, plan, command, id);
  }
}
