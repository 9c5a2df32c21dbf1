package dev.belay.emergency;

import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.backup.SafetyBackup;
import dev.belay.cli.Announcement;
import dev.belay.cli.Consent;
import dev.belay.cli.SameDatabase;
import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Severity;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.journal.UnfinishedRun;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.Recovered;
import dev.belay.undo.RehearsalAge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
  private final List<FixResult> fixes = new ArrayList<>();
  private Optional<Failure> unfixed = Optional.empty();
  private Optional<Failure> refused = Optional.empty();
  private Optional<Failure> unreachable = Optional.empty();
  private @Nullable String backup;

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
      begun();
    }
    FromDisk before = FromDisk.look(run.settings());
    Optional<Journal> journal = request.dryRun() ? Optional.empty() : journal();
    try {
      EmergencyReport report = steps(request, consent, apps, before, journal);
      journal.ifPresent(open -> open.end(report.exitCode() == ExitCode.OK ? "ok" : "problems"));
      if (!request.dryRun()) {
        ended(report);
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
    Again again = Again.of(request, SameDatabase.connection(run.target()));
    Set<String> perhapsDone = perhapsDone();
    Recovered recovered = recovered(request);
    Steps steps = new Steps(run.progress(), journal);
    SchemaLook schema = new SchemaLook(run);
    UndoOutlook undo = new UndoOutlook(run, apps, request.jars(), rehearsals);
    steps.run("emergency-backup", () -> backup(request));
    steps.run(
        "critical-export",
        () -> {
          if (request.dryRun() || !request.export()) {
            return StepAnswer.skipped(request.dryRun() ? "a dry run" : "--no-export");
          }
          return new CriticalExport(run, settings, version).export(request, undo::endangered);
        });
    StepAnswer state = steps.run("state", () -> FinalCheck.state(run));
    unreachable = reach();
    StepAnswer drift = steps.run("schema", () -> schema.look(apps, request.jars()));
    StepAnswer fixing =
        steps.run("fixes", () -> fix(request, consent, apps, schema, journal, again));
    boolean changed = fixes.stream().anyMatch(each -> each.outcome() != FixOutcome.LEFT);
    StepAnswer stateNow = changed ? attempt(() -> FinalCheck.state(run)) : state;
    StepAnswer schemaNow = changed ? attempt(schema::again) : drift;
    FinalCheck check = new FinalCheck(run, settings);
    StepAnswer verified = steps.run("final-verification", () -> check.look(stateNow, schemaNow));
    run.progress().step("working out the ways on");
    OtherWays others = new OtherWays(run, perhapsDone);
    others.look(apps);
    BackupOutlook backups = backups();
    // What was worked out before the fixes may not hold after them.
    UndoOutlook last = changed ? new UndoOutlook(run, apps, request.jars(), rehearsals) : undo;
    List<WayOn> ways = ways(last, backups, others);
    List<String> unknown = new ArrayList<>(others.unknown());
    unknown.addAll(backups.problems());
    if (backups.usable(unreachable.isPresent()).isEmpty()) {
      unknown.add("there is no backup to go back to in " + run.settings().folders().backups());
    }
    FromDisk disk = before.looking(run.settings(), unreachable);
    boolean wrong =
        verified.status() == StepStatus.FOUND
            || fixing.status() == StepStatus.FOUND
            || !others.failed().isEmpty();
    Advice.Situation situation =
        new Advice.Situation(
            unreachable.isEmpty(),
            unfixed,
            !wrong
                && verified.status() == StepStatus.DONE
                && check.isWhole()
                && fixing.status() != StepStatus.NOT_DONE,
            wrong,
            cause(schemaNow, check, others),
            verified.hint().or(fixing::hint));
    return new EmergencyReport(
        run.target().toString(),
        request.dryRun(),
        steps.ended().stream().map(step -> step.with(again)).toList(),
        recovered.told(),
        recovered.liveChanged(),
        fixes,
        ways.stream().map(way -> way.with(again)).toList(),
        unknown,
        Advice.of(situation, ways, disk.look()).with(again),
        backup,
        disk,
        refused,
        unreachable);
  }

  /** What dead runs left is settled soon, and nobody says this after that. */
  private Set<String> perhapsDone() {
    String target = run.target().toString();
    return UnfinishedRun.in(run.settings().folders().journal(), unreadable -> {}).stream()
        .filter(dead -> dead.header().target().equals(target))
        .flatMap(dead -> dead.outside().stream())
        .collect(Collectors.toSet());
  }

  private static Advice.Cause cause(StepAnswer schema, FinalCheck check, OtherWays others) {
    if (schema.status() == StepStatus.FOUND || !others.failed().isEmpty()) {
      return Advice.Cause.MIGRATIONS;
    }
    return schema.status() == StepStatus.DONE && check.isDataSound()
        ? Advice.Cause.OTHER
        : Advice.Cause.UNKNOWN;
  }

  private static StepAnswer attempt(Supplier<StepAnswer> look) {
    try {
      return look.get();
    } catch (Failure failure) {
      return StepAnswer.of(failure);
    }
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

  private Optional<Failure> reach() {
    try (Database session = run.databases().open(run.target())) {
      session.execute("select 1");
      return Optional.empty();
    } catch (Failure cannot) {
      return Optional.of(cannot);
    }
  }

  private BackupOutlook backups() {
    Optional<String> server = Optional.empty();
    boolean answers = false;
    try (Database session = run.openMaintenance()) {
      answers = true;
      server = ServerInfo.systemIdentifier(session);
    } catch (Failure unknown) {
      answers = answers || unreachable.isEmpty();
    }
    return new BackupOutlook(run, server, answers, Optional.ofNullable(backup));
  }

  private StepAnswer backup(EmergencyRequest request) {
    if (request.dryRun() || !request.backup()) {
      return StepAnswer.skipped(request.dryRun() ? "a dry run" : "--no-backup");
    }
    try (OperationLock lock = run.lock()) {
      String id =
          new SafetyBackup(run, environment, version)
              .make(
                  lock,
                  request.jobs(),
                  BackupOutlook.DESCRIPTION
                      + "the database as it was found, "
                      + Units.moment(Instant.now()));
      backup = id;
      StoredBackup made = new BackupStore(run.settings().folders().backups()).find(id);
      return StepAnswer.done(
          "%s, %s, proven %s"
              .formatted(id, Units.bytes(made.manifest().totalBytes()), made.state().level()),
          List.of());
    }
  }

  private StepAnswer fix(
      EmergencyRequest request,
      Consent consent,
      List<AppSettings> apps,
      SchemaLook schema,
      Optional<Journal> journal,
      Again again) {
    Fixes found;
    boolean standby;
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      standby = ServerInfo.of(session).inRecovery();
      found =
          Fixes.find(
              session,
              apps,
              table ->
                  request.app().isEmpty() || apps.stream().anyMatch(app -> schema.isOf(app, table)),
              schema);
    }
    found.left().forEach(left -> fixes.add(left.with(again)));
    if (found.fixes().isEmpty()) {
      return answer();
    }
    Optional<Failure> stop = standby ? Optional.of(standby()) : stop(request, journal);
    if (stop.isPresent()) {
      return leave(found, stop.get(), again);
    }
    try {
      if (!consent.given(found.plan(run))) {
        return leave(found, Failure.refused("a dry run", again.same()), again);
      }
    } catch (Failure notGiven) {
      refused = Optional.of(notGiven);
      StepAnswer left = leave(found, notGiven, again);
      unfixed = Optional.of(Failure.refused(notGiven.message(), again.same()));
      return left;
    }
    int before = fixes.size();
    try {
      new Fixing(run, schema)
          .apply(found.fixes(), journal.orElseThrow(), result -> fixes.add(result.with(again)));
    } catch (Failure notBegun) {
      if (fixes.size() > before) {
        throw notBegun;
      }
      return leave(found, notBegun, again);
    }
    return answer();
  }

  private static Failure standby() {
    return Failure.unavailable(
        "this is a standby, which takes no changes", "name the primary with --url");
  }

  private static Optional<Failure> stop(EmergencyRequest request, Optional<Journal> journal) {
    if (!request.fix()) {
      return Optional.of(Failure.refused("--no-fix", Again.fixing(request)));
    }
    return journal.isEmpty() && !request.dryRun()
        ? Optional.of(
            Failure.unavailable(
                "the journal cannot be written, and nothing is changed without it",
                "free disk space, or name another folder in folders.journal"))
        : Optional.empty();
  }

  private StepAnswer leave(Fixes found, Failure why, Again again) {
    unfixed = Optional.of(why);
    for (Fix fix : found.fixes()) {
      fixes.add(
          FixResult.left(
                  fix.kind(),
                  fix.subject(),
                  "could be fixed, and was not: " + why.message(),
                  why.hint())
              .with(again));
    }
    return answer();
  }

  private StepAnswer answer() {
    long fixed = fixes.stream().filter(each -> each.outcome() == FixOutcome.FIXED).count();
    long left =
        fixes.stream()
            .filter(each -> each.outcome() != FixOutcome.FIXED && each.hint() != null)
            .count();
    List<String> details = new ArrayList<>();
    fixes.forEach(each -> details.add(each.line()));
    String summary =
        fixed == 0 && left == 0
            ? "nothing to fix"
            : "%s fixed, %s left".formatted(Units.count(fixed), Units.count(left));
    return left == 0
        ? StepAnswer.done(summary, details)
        : StepAnswer.found(
            summary,
            details,
            fixes.stream()
                .filter(each -> each.hint() != null)
                .map(each -> String.valueOf(each.hint()))
                .findFirst());
  }

  private List<WayOn> ways(UndoOutlook undo, BackupOutlook backups, OtherWays others) {
    List<WayOn> ways = new ArrayList<>(others.of(WayKind.GO_ON));
    if (unreachable.isEmpty()) {
      undo.way(backups.newest(), others.failed()).ifPresent(ways::add);
    }
    Optional<UndoOutlook.Newest> newest = unreachable.isEmpty() ? undo.newest() : Optional.empty();
    ways.addAll(backups.ways(newest, rowsNow(), unreachable.isPresent()));
    ways.addAll(others.of(WayKind.UNDO_RESTORE));
    ways.addAll(others.of(WayKind.ROLL_FORWARD));
    return ways;
  }

  /** As the server guesses; the emergency backup knows better, where there is one. */
  private Optional<Map<TableName, Long>> rowsNow() {
    if (backup != null || unreachable.isPresent()) {
      return Optional.empty();
    }
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      return Optional.of(WayQueries.rows(session, run.settings().apps()));
    } catch (Failure unknown) {
      return Optional.empty();
    }
  }

  private void begun() {
    run.progress()
        .announce(
            new Announcement(
                Announcement.Type.EMERGENCY_RECOVERY,
                Severity.CRITICAL,
                "emergency recovery of %s has begun".formatted(run.target()),
                Map.of("run", run.run().text())));
  }

  private void ended(EmergencyReport report) {
    Map<String, String> facts = new LinkedHashMap<>();
    report
        .steps()
        .forEach(
            step ->
                facts.put(
                    step.name(),
                    "%s (%s): %s"
                        .formatted(
                            step.status().word(),
                            Units.duration(Duration.ofMillis(step.millis())),
                            step.summary())));
    facts.put("advice", report.advice().text());
    facts.put("command", report.advice().command());
    run.progress()
        .announce(
            new Announcement(
                Announcement.Type.EMERGENCY_RECOVERY,
                report.exitCode() == ExitCode.OK ? Severity.INFO : Severity.CRITICAL,
                "emergency recovery of %s has ended: %s"
                    .formatted(run.target(), report.exitCode().name().toLowerCase(Locale.ROOT)),
                facts));
  }
}
