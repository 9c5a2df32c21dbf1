package dev.belay.guard;

import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.monitor.MonitorSummary;
import dev.belay.monitor.Monitoring;
import dev.belay.process.PassThrough;
import dev.belay.recovery.Before;
import dev.belay.recovery.Evidence;
import dev.belay.recovery.FailedMigration;
import dev.belay.recovery.Recovered;
import dev.belay.recovery.Recovery;
import dev.belay.recovery.SessionWatch;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the database after a command that succeeded, and goes back after one that failed. */
final class GuardOutcome {
  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;
  private final GuardRequest request;
  private final OperationLock lock;
  private final Journal journal;
  private final List<String> notes = new ArrayList<>();

  /**
   * @param environment of this program
   * @param version of this program
   */
  GuardOutcome(
      GuardedRun run,
      Map<String, String> environment,
      String version,
      GuardRequest request,
      OperationLock lock,
      Journal journal) {
    this.run = run;
    this.environment = environment;
    this.version = version;
    this.request = request;
    this.lock = lock;
    this.journal = journal;
  }

  /**
   * A command that ran.
   *
   * @param before the database as it was before it
   * @param sound what was wrong with it before already
   * @param backup the id of the backup from before; empty: none was made
   * @param watch who worked in the database meanwhile
   */
  record Ran(
      PassThrough.Ended ended,
      Before before,
      Set<String> sound,
      Optional<String> backup,
      SessionWatch watch) {}

  /**
   * Looks, or goes back.
   *
   * @param shown the command, as it may be shown
   * @throws Failure when the database cannot be reached; as the recovery's
   */
  GuardReport of(Ran ran, String shown, Optional<Monitoring> monitoring) {
    return ran.ended().succeeded()
        ? succeeded(ran, shown, monitoring)
        : failed(ran, shown, monitoring);
  }

  private GuardReport succeeded(Ran ran, String shown, Optional<Monitoring> monitoring) {
    PassThrough.Ended ended = ran.ended();
    if (!ended.left().isEmpty()) {
      notes.add(
          "the command left something running: process "
              + String.join(", ", ended.left().stream().map(String::valueOf).toList()));
    }
    Afterwards after = Afterwards.look(run, ran.before(), version, lock, journal);
    notes.addAll(after.notes());
    if (!ran.watch().sawMigration() && after.applied().isEmpty() && after.changed().isEmpty()) {
      notes.add(
          "no session of the command was seen in %s, and nothing changed there: does it work on another database?"
              .formatted(run.target()));
    }
    List<String> problems = new ArrayList<>(after.problems());
    problems.addAll(Soundness.since(run, ran.sound()));
    return report(
        ran, shown, after.applied(), after.changed(), after.stored(), problems, null, monitoring);
  }

  private GuardReport failed(Ran ran, String shown, Optional<Monitoring> monitoring) {
    SessionWatch watch = ran.watch();
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
                ran.before(),
                ran.backup(),
                others,
                false,
                Optional.empty(),
                request.acceptedLoss(),
                request.jobs()));
    return report(ran, shown, List.of(), List.of(), List.of(), List.of(), recovered, monitoring);
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
      Ran ran,
      String shown,
      List<String> applied,
      List<String> changed,
      List<String> stored,
      List<String> problems,
      @Nullable Recovered recovered,
      Optional<Monitoring> monitoring) {
    PassThrough.Ended ended = ran.ended();
    @Nullable MonitorSummary seen = monitoring.map(Monitoring::finish).orElse(null);
    return new GuardReport(
        run.target().toString(),
        false,
        request.named(),
        shown,
        ended.status(),
        CommandWords.ending(ended, request.limit()),
        ended.duration().toMillis(),
        ran.backup().orElse(null),
        applied,
        changed,
        stored,
        problems,
        notes,
        recovered,
        seen);
  }
}
