package dev.belay.emergency;

import dev.belay.cli.Consent;
import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.journal.BegunOutside;
import dev.belay.journal.Journal;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.Recovered;
import dev.belay.undo.RehearsalAge;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Saves what there is, looks what is wrong, fixes what is safely fixable, and tells every way on.
 * Each step does what it can, whatever became of the others.
 */
final class EmergencyRecovery {
  private final GuardedRun run;
  private final EmergencySettings settings;
  private final RehearsalAge rehearsals;
  private final Map<String, String> environment;
  private final String version;

  /**
   * @param environment for finding pg_dump
   * @param version of this program
   */
  EmergencyRecovery(GuardedRun run, Map<String, String> environment, String version) {
    this.run = run;
    this.settings = EmergencySettings.of(run.settings());
    this.rehearsals = RehearsalAge.of(run.settings());
    this.environment = environment;
    this.version = version;
  }

  /**
   * Does the six steps. What goes wrong in them is in the answer.
   *
   * @throws Failure USAGE when there is no such app, or no target is configured
   */
  EmergencyReport run(EmergencyRequest request, Consent consent) {
    List<AppSettings> apps =
        request.app().map(name -> List.of(run.settings().app(name))).orElse(run.settings().apps());
    run.target();
    if (!request.dryRun()) {
      EmergencyNews.begun(run);
    }
    FromDisk before = FromDisk.look(run.settings());
    Optional<Journal> journal = request.dryRun() ? Optional.empty() : journal();
    try {
      EmergencyReport report = steps(request, consent, apps, before, journal);
      journal.ifPresent(open -> open.end(report.exitCode() == ExitCode.OK ? "ok" : "problems"));
      if (!request.dryRun()) {
        EmergencyNews.ended(run, report);
      }
      return report;
    } finally {
      journal.ifPresent(Journal::close);
    }
  }

  /** On a full disk the rest is done without it, but for what changes the database. */
  private Optional<Journal> journal() {
    try {
      return Optional.of(run.journal());
    } catch (Failure unwritable) {
      run.progress().warn(unwritable.message() + "; so nothing will be fixed");
      return Optional.empty();
    }
  }

  private EmergencyReport steps(
      EmergencyRequest request,
      Consent consent,
      List<AppSettings> apps,
      FromDisk before,
      Optional<Journal> journal) {
    Again again = Again.of(request, run.target());
    Recovered recovered = recovered(request);
    // Only now the journal of a run that was killed in a swap says what became of that.
    Set<BegunOutside> perhapsDone =
        BegunOutside.on(run.target().toString(), run.settings().folders().journal());
    Steps steps = new Steps(run.progress(), journal);
    EmergencyBackup backup = new EmergencyBackup(run, environment, version);
    SchemaLook schema = new SchemaLook(run);
    UndoOutlook undo = new UndoOutlook(run, apps, request.jars(), rehearsals);
    FixStep fixes = new FixStep(run, request, schema, journal, again);
    FinalCheck check = new FinalCheck(run, settings);
    steps.run("emergency-backup", () -> backup.make(request));
    steps.run("critical-export", () -> export(request, undo));
    StepAnswer state = steps.run("state", () -> FinalCheck.state(run));
    Optional<Failure> unreachable = unreachable();
    StepAnswer drift = steps.run("schema", () -> schema.look(apps, request.jars()));
    StepAnswer fixing = steps.run("fixes", () -> fixes.run(apps, consent));
    StepAnswer stateNow = fixes.changed() ? attempt(() -> FinalCheck.state(run)) : state;
    StepAnswer schemaNow = fixes.changed() ? attempt(schema::again) : drift;
    StepAnswer verified = steps.run("final-verification", () -> check.look(stateNow, schemaNow));
    run.progress().step("working out the ways on");
    // What was worked out before the fixes may not hold after them.
    UndoOutlook undoNow =
        fixes.changed() ? new UndoOutlook(run, apps, request.jars(), rehearsals) : undo;
    WaysOn ways = WaysOn.look(run, apps, perhapsDone, undoNow, backup.id(), unreachable.isEmpty());
    FromDisk disk = before.looking(run.settings(), unreachable).with(again);
    Situation situation =
        Situation.of(
            unreachable.isEmpty(),
            fixes.unfixed(),
            fixing,
            verified,
            schemaNow,
            check,
            !ways.failed().isEmpty());
    return new EmergencyReport(
        run.target().toString(),
        request.dryRun(),
        steps.ended().stream().map(step -> step.with(again)).toList(),
        recovered.told(),
        recovered.liveChanged(),
        fixes.results(),
        ways.all().stream().map(way -> way.with(again)).toList(),
        ways.unknown(),
        Advice.of(situation, ways.all(), disk.look()).with(again),
        backup.id().orElse(null),
        disk,
        fixes.refused(),
        unreachable);
  }

  /**
   * A database that a dead swap left closed has to be opened before anything can be saved, whatever
   * the disk of the journal says.
   */
  private Recovered recovered(EmergencyRequest request) {
    if (request.dryRun() || !request.fix()) {
      return Recovered.NOTHING;
    }
    try {
      return run.recover();
    } catch (Failure cannot) {
      if (cannot.exitCode() == ExitCode.INCOMPLETE) {
        run.progress().warn(cannot.message());
        return new Recovered(List.of(cannot.state()), true);
      }
      run.progress().warn("what dead runs may have left was not looked at: " + cannot.message());
      return Recovered.NOTHING;
    }
  }

  private StepAnswer export(EmergencyRequest request, UndoOutlook undo) {
    if (request.dryRun() || !request.export()) {
      return StepAnswer.skipped(request.dryRun() ? "a dry run" : "--no-export");
    }
    return new CriticalExport(run, settings, version).export(request, undo::endangered);
  }

  /** Why the database cannot be reached; empty: it answers. */
  private Optional<Failure> unreachable() {
    try (Database session = run.databases().open(run.target())) {
      session.execute("select 1");
      return Optional.empty();
    } catch (Failure cannot) {
      return Optional.of(cannot);
    }
  }

  private static StepAnswer attempt(Supplier<StepAnswer> look) {
    try {
      return look.get();
    } catch (Failure failure) {
      return StepAnswer.of(failure);
    } catch (RuntimeException | Error defect) {
      return StepAnswer.notDone(
          Defect.words("the look after the fixes", defect), List.of(), Defect.HINT);
    }
  }
}
