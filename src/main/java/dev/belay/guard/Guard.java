package dev.belay.guard;

import dev.belay.cli.Consent;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.swap.GuardedRun;
import java.util.Map;

/** Runs somebody's migration command, guarded: refused, planned, agreed to, and on record. */
final class Guard {
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
    new GuardPreflight(run, environment, version).refuse(request);
    String shown = CommandWords.shown(request.command());
    if (!consent.given(new GuardPlan(run, request).plan())) {
      return GuardReport.planned(run.target().toString(), request.named(), shown);
    }
    try (OperationLock lock = run.lock();
        Journal journal = run.journal()) {
      Guarding guarding = new Guarding(run, environment, version, request, shown, lock, journal);
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
}
