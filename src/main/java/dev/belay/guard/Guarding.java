package dev.belay.guard;

import dev.belay.archive.DurableFiles;
import dev.belay.backup.SafetyBackup;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.monitor.Monitor;
import dev.belay.monitor.MonitorSettings;
import dev.belay.monitor.Monitoring;
import dev.belay.postgres.Database;
import dev.belay.process.PassThrough;
import dev.belay.recovery.Before;
import dev.belay.recovery.SessionWatch;
import dev.belay.swap.GuardedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prepares a way back, runs the command, and lets what became of the database be looked at. */
final class Guarding {
  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;
  private final GuardRequest request;
  private final String shown;
  private final OperationLock lock;
  private final Journal journal;
  private Optional<String> saved = Optional.empty();
  private volatile @Nullable PassThrough program;

  /**
   * @param environment of this program, which is the command's too
   * @param version of this program
   * @param shown the command, as it may be shown
   */
  Guarding(
      GuardedRun run,
      Map<String, String> environment,
      String version,
      GuardRequest request,
      String shown,
      OperationLock lock,
      Journal journal) {
    this.run = run;
    this.environment = environment;
    this.version = version;
    this.request = request;
    this.shown = shown;
    this.lock = lock;
    this.journal = journal;
  }

  /**
   * Does it.
   *
   * @throws Failure as {@code create-backup} before the command runs; any after it, which {@link
   *     #afterTheStart} puts right
   */
  GuardReport go() {
    Optional<Monitoring> monitoring = monitoring();
    try {
      return watched(monitoring);
    } finally {
      monitoring.ifPresent(Monitoring::close);
    }
  }

  /** What the command did stays done: none of the codes that promise the state before is right. */
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

  /** Whether the command was started, so that the database may be another than before. */
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
    MonitorSettings settings = MonitorSettings.of(run.settings());
    return Optional.of(
        Monitor.start(
            run.databases(),
            run.target(),
            request.printed() ? settings : settings.silent(),
            run.command(),
            run.run(),
            run.progress()));
  }

  private GuardReport watched(Optional<Monitoring> monitoring) {
    // From before the backup, which would bring back what others wrote after it was made.
    try (SessionWatch watch =
        SessionWatch.begin(run, Set.of(CommandFacts.sessions(run)), this::isFromCommand)) {
      return watched(watch, monitoring);
    }
  }

  private GuardReport watched(SessionWatch watch, Optional<Monitoring> monitoring) {
    Optional<String> backup = request.backup().map(level -> backup());
    saved = backup;
    CommandFacts facts = new CommandFacts(run, request, shown, backup);
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
            facts.toCommand(environment),
            run.progress()::warn);
    program = command;
    journal.step("command", facts.toJournal());
    FailPoint.reached("guard-command");
    monitoring.ifPresent(each -> each.mark("command"));
    run.progress().step("running " + shown);
    watch.attentive();
    PassThrough.Ended ended = command.run(request.limit());
    request.statusFile().ifPresent(file -> write(file, ended.status()));
    note("command-ended", Map.of("status", String.valueOf(ended.status())));
    monitoring.ifPresent(each -> each.mark("command ended"));
    run.progress().step("%s %s".formatted(shown, CommandWords.ending(ended, request.limit())));
    return new GuardOutcome(run, environment, version, request, lock, journal)
        .of(new GuardOutcome.Ran(ended, before, sound, backup, watch), shown, monitoring);
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
}
