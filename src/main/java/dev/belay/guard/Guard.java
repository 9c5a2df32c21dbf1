package dev.belay.guard;

import dev.belay.archive.DurableFiles;
import dev.belay.backup.SafetyBackup;
import dev.belay.cli.Consent;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.journal.RunSessions;
import dev.belay.monitor.Monitor;
import dev.belay.monitor.MonitorSettings;
import dev.belay.monitor.MonitorSummary;
import dev.belay.monitor.Monitoring;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.PassThrough;
import dev.belay.readiness.Point;
import dev.belay.readiness.Readiness;
import dev.belay.readiness.ReadinessReport;
import dev.belay.readiness.ReadinessRequest;
import dev.belay.readiness.Topic;
import dev.belay.recovery.Before;
import dev.belay.recovery.Evidence;
import dev.belay.recovery.FailedMigration;
import dev.belay.recovery.Recovered;
import dev.belay.recovery.Recovery;
import dev.belay.recovery.SessionWatch;
import dev.belay.report.CheckStatus;
import dev.belay.swap.GuardedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs somebody's migration command with a way back prepared before, and gone after a failure. */
final class Guard {
  private static final String SESSIONS = "guard";

  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;

  /**
   * @param environment of this program, which is the command's too
   * @param version of this program
   */
  Guard(GuardedRun run, Map<String, String> environment, String version) {
    this.run = run;
    this.environment = environment;
    this.version = version;
  }

  /**
   * Guards.
   *
   * @throws Failure REFUSED with all that speaks against it, before the command runs; INCOMPLETE
   *     when nothing could be found out after it
   */
  GuardReport run(GuardRequest request, boolean dryRun, Consent consent) {
    if (!dryRun) {
      run.recover();
    }
    refuse(request);
    String shown = CommandWords.shown(request.command());
    if (!consent.given(new GuardPlan(run, request).plan())) {
      return GuardReport.planned(run.target().toString(), name(request), shown);
    }
    try (OperationLock lock = run.lock();
        Journal journal = run.journal()) {
      Guarding guarding = new Guarding(request, shown, lock, journal);
      try {
        GuardReport report = guarding.go();
        if (Cleanup.interrupted()) {
          journal.leaveOpen();
        }
        journal.end(report.exitCode() == ExitCode.OK ? "ok" : "problems");
        return report;
      } catch (Failure failure) {
        Failure told = guarding.afterTheStart(failure);
        boolean halfWay = Cleanup.interrupted() && guarding.hasStarted();
        if (told.exitCode() == ExitCode.INCOMPLETE || halfWay) {
          journal.leaveOpen();
        }
        throw told;
      } catch (RuntimeException | Error defect) {
        if (guarding.hasStarted()) {
          journal.leaveOpen();
        }
        throw defect;
      }
    }
  }

  private static @Nullable String name(GuardRequest request) {
    return request.name().isEmpty() ? null : request.name();
  }

  private void refuse(GuardRequest request) {
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

  /** One guarded command, after the plan was agreed to. */
  private final class Guarding {
    private final GuardRequest request;
    private final String shown;
    private final OperationLock lock;
    private final Journal journal;
    private final List<String> notes = new ArrayList<>();
    private Optional<String> saved = Optional.empty();
    private volatile @Nullable PassThrough program;

    Guarding(GuardRequest request, String shown, OperationLock lock, Journal journal) {
      this.request = request;
      this.shown = shown;
      this.lock = lock;
      this.journal = journal;
    }

    GuardReport go() {
      Optional<Monitoring> monitoring = monitoring();
      try {
        return watched(monitoring);
      } finally {
        monitoring.ifPresent(Monitoring::close);
      }
    }

    /**
     * What the command did stays done: none of the codes that promise the state before is right.
     */
    Failure afterTheStart(Failure failure) {
      boolean promises =
          failure.exitCode() != ExitCode.INCOMPLETE && failure.exitCode() != ExitCode.UNEXPECTED;
      if (!promises || !hasStarted()) {
        return failure;
      }
      return Failure.incomplete(
              "the command was run, and then: " + failure.message(),
              "not known: nothing was taken back"
                  + saved.map(id -> "; the backup from before is " + id).orElse(""),
              "see what the command did with: belay verify-state")
          .causedBy(failure);
    }

    boolean hasStarted() {
      PassThrough begun = program;
      return begun != null && begun.hasStarted();
    }

    /** A line less in the journal takes nothing of what was done back. */
    private void note(String step, Map<String, String> facts) {
      try {
        journal.step(step, facts);
      } catch (Failure unwritable) {
        run.progress().warn(unwritable.message());
      }
    }

    private boolean isFromCommand(String address, int port) {
      PassThrough started = program;
      return started != null && started.hasConnectionFrom(address, port, run.target().port());
    }

    private Optional<Monitoring> monitoring() {
      if (!request.monitor()) {
        return Optional.empty();
      }
      MonitorSettings wanted = MonitorSettings.of(run.settings());
      MonitorSettings settings =
          request.printed()
              ? wanted
              : new MonitorSettings(wanted.interval(), Duration.ZERO, wanted.folder());
      return Optional.of(
          Monitor.start(
              run.databases(), run.target(), settings, run.command(), run.run(), run.progress()));
    }

    private GuardReport watched(Optional<Monitoring> monitoring) {
      // From before the backup, which would bring back what others wrote after it was made.
      try (SessionWatch watch =
          SessionWatch.begin(
              run, Set.of(RunSessions.name(run.run(), SESSIONS)), this::isFromCommand)) {
        return watched(watch, monitoring);
      }
    }

    private GuardReport watched(SessionWatch watch, Optional<Monitoring> monitoring) {
      Optional<String> backup = request.backup().map(level -> backup());
      saved = backup;
      Before before;
      Set<String> sound;
      try (Database session = run.databases().open(run.target())) {
        sound = Soundness.look(run, session);
        before = Before.take(run, session);
      }
      FailPoint.reached("guard-before");
      lock.check();
      PassThrough command =
          new PassThrough(
              request.program(),
              request.command(),
              request.directory(),
              facts(backup),
              run.progress()::warn);
      program = command;
      journal.step("command", commandFacts(backup));
      FailPoint.reached("guard-command");
      monitoring.ifPresent(each -> each.mark("command"));
      run.progress().step("running " + shown);
      watch.attentive();
      PassThrough.Ended ended = command.run(request.limit());
      request.statusFile().ifPresent(file -> write(file, ended.status()));
      note("command-ended", Map.of("status", String.valueOf(ended.status())));
      monitoring.ifPresent(each -> each.mark("command ended"));
      run.progress().step("%s %s".formatted(shown, CommandWords.ending(ended, request.limit())));
      return ended.succeeded()
          ? succeeded(ended, before, sound, backup, watch, monitoring)
          : failed(ended, before, backup, watch, monitoring);
    }

    private void write(Path file, int status) {
      try {
        DurableFiles.replace(file, status + "\n");
      } catch (IOException cannot) {
        run.progress()
            .warn(
                "the status could not be written to %s: %s"
                    .formatted(file, DurableFiles.reason(cannot)));
      }
    }

    private String backup() {
      run.progress().step("making a backup first");
      String id =
          new SafetyBackup(run, environment, version)
              .make(
                  lock,
                  request.jobs(),
                  "before " + (request.name().isEmpty() ? shown : request.name()),
                  request.backup().orElseThrow());
      journal.step("backup", Map.of("backup", id));
      FailPoint.reached("guard-backup");
      return id;
    }

    /** What the command may know of its guard; no secret is among it. */
    private Map<String, String> facts(Optional<String> backup) {
      Map<String, String> facts = new HashMap<>();
      facts.put("BELAY_GUARD_RUN", run.run().text());
      facts.put("BELAY_GUARD_NAME", request.name());
      facts.put("BELAY_GUARD_DATABASE", run.target().toString());
      facts.put("BELAY_GUARD_BACKUP", backup.orElse(""));
      if (environment.getOrDefault("PGAPPNAME", "").isEmpty()) {
        // So libpq's programs are known for the migration's own, also after a kill of this one.
        facts.put("PGAPPNAME", RunSessions.name(run.run(), SESSIONS));
      }
      return facts;
    }

    private Map<String, String> commandFacts(Optional<String> backup) {
      String back =
          backup
              .map(
                  id ->
                      "; for the state before: belay backup-restore %s --expect-writes"
                          .formatted(id))
              .orElse("; no backup was made before");
      Map<String, String> facts = new HashMap<>();
      facts.put("command", shown);
      backup.ifPresent(id -> facts.put("backup", id));
      facts.put(
          Journal.HINT,
          "the command %s was running and may be still; see what it did with: belay verify-state%s"
              .formatted(shown, back));
      return facts;
    }

    private GuardReport succeeded(
        PassThrough.Ended ended,
        Before before,
        Set<String> sound,
        Optional<String> backup,
        SessionWatch watch,
        Optional<Monitoring> monitoring) {
      if (!ended.left().isEmpty()) {
        notes.add(
            "the command left something running: process "
                + String.join(", ", ended.left().stream().map(String::valueOf).toList()));
      }
      Afterwards after = Afterwards.look(run, before, version, lock, journal);
      notes.addAll(after.notes());
      if (!watch.sawMigration() && after.applied().isEmpty() && after.changed().isEmpty()) {
        notes.add(
            "no session of the command was seen in %s, and nothing changed there: does it work on another database?"
                .formatted(run.target()));
      }
      List<String> problems = new ArrayList<>(after.problems());
      problems.addAll(Soundness.since(run, sound));
      return report(
          ended,
          backup,
          after.applied(),
          after.changed(),
          after.stored(),
          problems,
          null,
          monitoring);
    }

    private GuardReport failed(
        PassThrough.Ended ended,
        Before before,
        Optional<String> backup,
        SessionWatch watch,
        Optional<Monitoring> monitoring) {
      watch
          .awaitEnd()
          .forEach(
              each ->
                  notes.add("a session of the command went on without it and was ended: " + each));
      Evidence others = watch.evidence();
      // Its session would be in the way of a swap.
      watch.close();
      FailPoint.reached("guard-failed");
      Recovered recovered =
          recovered(
              new FailedMigration(
                  "the command",
                  request.again(),
                  request.policy(),
                  before,
                  backup,
                  others,
                  false,
                  Optional.empty(),
                  request.acceptedLoss(),
                  request.jobs()));
      return report(
          ended, backup, List.of(), List.of(), List.of(), List.of(), recovered, monitoring);
    }

    /** A server that was started again has forgotten the lock, and another Belay may have it. */
    private Recovered recovered(FailedMigration failed) {
      Recovery recovery = new Recovery(run, environment, version);
      try {
        lock.check();
      } catch (Failure lost) {
        run.progress().warn(lost.message());
        try (OperationLock fresh = run.lock()) {
          return recovery.after(failed, fresh, journal);
        }
      }
      return recovery.after(failed, lock, journal);
    }

    private GuardReport report(
        PassThrough.Ended ended,
        Optional<String> backup,
        List<String> applied,
        List<String> changed,
        List<String> stored,
        List<String> problems,
        @Nullable Recovered recovered,
        Optional<Monitoring> monitoring) {
      @Nullable MonitorSummary seen = monitoring.map(Monitoring::finish).orElse(null);
      return new GuardReport(
          run.target().toString(),
          false,
          name(request),
          shown,
          ended.status(),
          CommandWords.ending(ended, request.limit()),
          ended.duration().toMillis(),
          backup.orElse(null),
          applied,
          changed,
          stored,
          problems,
          notes,
          recovered,
          seen);
    }
  }
}
