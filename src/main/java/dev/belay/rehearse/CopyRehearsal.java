package dev.belay.rehearse;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.MigrationScript;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rehearses on a copy what was asked for: the pending migrations; or the last applied ones, for
 * which the copy catches up with the live database first.
 */
final class CopyRehearsal {
  private final Settings settings;
  private final Databases databases;
  private final RehearseRequest request;
  private final AppState live;
  private final ScratchReplay replay;
  private final DataCopy copy;
  private final Progress progress;
  private final List<String> notes;

  /**
   * @param databases sessions with the live database
   * @param live what its history says
   * @param notes is told what the operator should know
   */
  CopyRehearsal(
      Settings settings,
      Databases databases,
      RehearseRequest request,
      AppState live,
      ScratchReplay replay,
      DataCopy copy,
      Progress progress,
      List<String> notes) {
    this.settings = settings;
    this.databases = databases;
    this.request = request;
    this.live = live;
    this.replay = replay;
    this.copy = copy;
    this.progress = progress;
    this.notes = notes;
  }

  /**
   * What was found out.
   *
   * @param unrehearsed what is pending in the live database and was not tried
   * @param baseline what the probe felt while nothing happened
   * @param probed the tables that the probe worked with
   */
  record Found(
      List<Entry> entries,
      List<Entry> unrehearsed,
      Optional<ProbeFigures> baseline,
      List<TableName> probed) {}

  /**
   * What is to be done.
   *
   * @param plan with what is pending in the copy
   * @param behind what the copy catches up with first
   */
  private record Task(
      ReplayPlan plan, List<Entry> behind, List<Entry> entries, List<Entry> unrehearsed) {}

  /**
   * Rehearses.
   *
   * @throws Failure USAGE when there is no such version; FINDINGS when the copy cannot catch up;
   *     UNAVAILABLE when the server is gone
   */
  Found rehearse(AppSettings app) {
    Task task = task(app);
    RehearsalGround ground =
        new RehearsalGround(replay, copy, task.plan(), request.jobs(), progress);
    Optional<Probe> probe =
        request.concurrent()
            ? Optional.of(
                new Probe(
                    ground.databases(),
                    copy::target,
                    ProbedTables.of(ground, request.applied(), notes)))
            : Optional.empty();
    Optional<ProbeFigures> baseline = probe.map(Probe::baseline);
    List<Entry> entries = task.entries();
    if (request.applied() > 0) {
      catchUp(ground, task.behind());
      entries = applied(app, probe);
    } else {
      new ThereAndBack(ground, probe).rehearse(entries);
    }
    probe.ifPresent(each -> notes.addAll(each.notes()));
    if (request.concurrent()) {
      notes.add(
          "the probe's writes set columns to what they are and are rolled back; triggers fire");
    }
    return new Found(
        entries, task.unrehearsed(), baseline, probe.map(Probe::tables).orElse(List.of()));
  }

  private Task task(AppSettings app) {
    try (Database there = replay.databases().open(copy.target());
        Database ledger = databases.open(settings.target()).readingOnly()) {
      AppState state = replay.state(there, app);
      ReplayPlan plan = replay.plan(there, state, ReplayPlan.Reach.NEXT_MIGRATE).runningAgain();
      notes.addAll(plan.notes());
      Set<String> applied = inForce(live);
      List<MigrationScript> pending = Unrehearsed.pending(live);
      Set<String> current = new HashSet<>(applied);
      pending.forEach(script -> current.remove(script.script()));
      List<MigrationScript> since =
          plan.pending().stream().filter(script -> current.contains(script.script())).toList();
      noteAhead(state, applied);
      Entries all =
          Entries.of(state, plan, ledger, copy.target(), request.generated(), request.jars());
      notes.addAll(all.notes());
      if (request.applied() > 0) {
        return new Task(plan, all.pending(since, replay, progress), List.of(), List.of());
      }
      if (!since.isEmpty()) {
        notes.add(
            "applied to the live database since the backup, and rehearsed too: "
                + String.join(", ", since.stream().map(MigrationScript::script).toList()));
      }
      PendingChoice choice = new PendingChoice(request.target());
      List<Entry> entries =
          all.pending(choice.wanted(plan.pending(), since, pending), replay, progress);
      return new Task(
          plan,
          List.of(),
          entries,
          Unrehearsed.of(live, inForce(state), entries, choice::isWanted));
    }
  }

  /** What the backup has and the live database has not any more makes it another database. */
  private void noteAhead(AppState state, Set<String> applied) {
    for (AppliedMigration row : state.history().inForce()) {
      if (!applied.contains(row.script())) {
        notes.add(
            "the copy has %s, which is not in force in the live database".formatted(row.script()));
      }
    }
  }

  private static Set<String> inForce(AppState state) {
    Set<String> scripts = new HashSet<>();
    state.history().inForce().forEach(row -> scripts.add(row.script()));
    return scripts;
  }

  private static void catchUp(RehearsalGround ground, List<Entry> behind) {
    Optional<Failure> late = new MigrationRuns(ground, Optional.empty()).catchUp(behind);
    if (late.isPresent()) {
      throw Failure.findings(
              "what was applied to the live database since the backup cannot be applied to it: "
                  + late.get().message(),
              "make a new backup: belay create-backup; and rehearse on that")
          .causedBy(late.get());
    }
  }

  private List<Entry> applied(AppSettings app, Optional<Probe> probe) {
    List<Entry> entries;
    ReplayPlan plan;
    try (Database there = replay.databases().open(copy.target());
        Database ledger = databases.open(settings.target()).readingOnly()) {
      AppState state = replay.state(there, app);
      plan = replay.plan(there, state, ReplayPlan.Reach.APPLIED);
      entries =
          Entries.of(state, plan, ledger, copy.target(), request.generated(), request.jars())
              .applied(request.applied(), replay, progress);
    }
    if (!entries.isEmpty()) {
      new BackAndThere(
              new RehearsalGround(replay, copy, plan, request.jobs(), progress),
              probe,
              new SchemaProof(
                  settings, databases, app, request.generated(), request.jars(), progress))
          .rehearse(entries);
    }
    return entries;
  }
}
