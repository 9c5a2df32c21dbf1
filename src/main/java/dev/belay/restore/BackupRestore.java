package dev.belay.restore;

import dev.belay.cli.Consent;
import dev.belay.cli.Plan;
import dev.belay.core.Units;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.SavedProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings a backup back: checked, planned, agreed to, restored, proven, and then put to work. */
final class BackupRestore {
  private final GuardedRun run;
  private final MigrationsNow migrations;

  BackupRestore(GuardedRun run, MigrationsNow migrations) {
    this.run = run;
    this.migrations = migrations;
  }

  /**
   * Restores.
   *
   * @param time how long it will take, told in the plan
   */
  Report run(
      RestoreSource source,
      RestoreRequest request,
      RestoreTime time,
      boolean dryRun,
      Consent consent) {
    if (!dryRun) {
      run.recover();
    }
    Checked checked = check(source, request);
    Plan plan = plan(source.facts(), request, checked.preflight(), time, checked.outlook());
    if (!consent.given(plan)) {
      return PlanReport.of(plan);
    }
    try (OperationLock lock = run.lock();
        Journal journal = run.journal()) {
      Report report = carryOut(source, request, checked, lock, journal, consent);
      journal.end(Journal.OK);
      return report;
    }
  }

  /** The same, agreed to before, within an operation that holds the lock and keeps the journal. */
  RestoreReport within(
      RestoreSource source, RestoreRequest request, OperationLock lock, Journal journal) {
    return carryOut(source, request, check(source, request), lock, journal, plan -> true);
  }

  /**
   * What was found before anything is done.
   *
   * @param outlook on the migrations afterwards
   */
  private record Checked(Preflight preflight, List<String> outlook) {}

  private Checked check(RestoreSource source, RestoreRequest request) {
    BackupFacts facts = source.facts();
    run.progress().step("checking the backup " + facts.id());
    // Beside the live database a dump that cannot be read costs time only; in it, everybody waits.
    source.check(request.strategy() == Strategy.IN_PLACE);
    Preflight preflight;
    try (Database session = run.openMaintenance()) {
      preflight = Preflight.look(session, facts, request, run.live());
    }
    List<MigrationsNow.App> now = migrations.read();
    preflight.migrations(now, request.strategy());
    preflight.refuse();
    return new Checked(preflight, MigrationOutlook.lines(facts.migrations(), now));
  }

  private RestoreReport carryOut(
      RestoreSource source,
      RestoreRequest request,
      Checked checked,
      OperationLock lock,
      Journal journal,
      Consent consent) {
    Restoring restoring =
        new Restoring(run, source, request, lock, journal, checked.outlook(), consent);
    return switch (request.strategy()) {
      case SWAP ->
          checked.preflight().liveExists() ? restoring.swap() : restoring.create(run.live());
      case NEW_DATABASE -> restoring.create(request.newName().orElseThrow());
      case IN_PLACE -> restoring.inPlace();
    };
  }

  private static Optional<String> writesStep(Writes writes) {
    if (!writes.looked()) {
      return Optional.empty();
    }
    String look = "compare it with the live database row by row, say what was written since";
    return Optional.of(
        writes.carry()
            ? look + ", and carry the new rows over"
            : look + (writes.asking() && !writes.leave() ? ", and ask again" : ""));
  }

  private Plan plan(
      BackupFacts facts,
      RestoreRequest request,
      Preflight preflight,
      RestoreTime time,
      List<String> outlook) {
    List<String> steps = new ArrayList<>();
    List<String> losses = new ArrayList<>(preflight.warnings());
    String live = run.live();
    String proof =
        request.verify()
            ? "compare rows, fingerprints and sequences with the manifest"
            : "no comparison with the manifest: --no-verify";
    String title = "restore %s of %s".formatted(facts.id(), Units.moment(facts.takenAt()));
    switch (request.strategy()) {
      case SWAP -> {
        title += " as " + run.target();
        steps.add("restore into a new database beside %s: %s".formatted(live, time.words()));
        steps.add(proof);
        if (preflight.liveExists()) {
          steps.add("give it the owner, grants, settings and limits of " + live);
          writesStep(request.writes()).ifPresent(steps::add);
          steps.add(
              "swap: new connections refused, sessions ended, both renamed; under a second for"
                  + " clients that reconnect");
          steps.add(
              request.discardReplaced()
                  ? "drop the database that is live now: --discard-replaced"
                  : "keep the database that is live now, closed; undo-restore swaps back");
          losses.addAll(
              Losses.of(
                  run,
                  facts,
                  request.discardReplaced() ? Strategy.IN_PLACE : Strategy.SWAP,
                  request.writes().carry()));
        } else {
          steps.add(
              "call it %s, of %s: there is no such database now".formatted(live, facts.owner()));
          steps.add(
              facts.properties().isPresent()
                  ? "give it the grants, settings and limits that it had then"
                  : "its grants, settings and limits are not in this backup: set them by hand");
          facts.properties().map(SavedProperties::settingsLeftOut).orElse(List.of()).stream()
              .map("the setting %s is in no backup, since its name sounds secret"::formatted)
              .forEach(losses::add);
        }
      }
      case NEW_DATABASE -> {
        title += " as the new database " + request.newName().orElseThrow();
        steps.add("restore into a new database: " + time.words());
        steps.add(proof);
        steps.add("%s is not touched".formatted(live));
      }
      case IN_PLACE -> {
        title += " INTO " + run.target();
        steps.add(
            "drop and restore every object of the backup in %s, in one transaction: %s"
                .formatted(live, time.words()));
        steps.add("clients wait for locks all the while; a failure rolls everything back");
        steps.add("objects that the backup lacks stay");
        steps.add(proof);
        losses.add("THE LIVE DATA OF " + live + " IS REPLACED, and no copy of it is kept");
        losses.add("whether a copy is wanted is to be said now: belay create-backup makes one");
        losses.addAll(Losses.of(run, facts, Strategy.IN_PLACE, false));
      }
    }
    return new Plan(title, steps, outlook, losses, live);
  }
}
