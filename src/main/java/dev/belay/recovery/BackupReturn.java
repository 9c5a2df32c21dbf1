package dev.belay.recovery;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.process.ShellWords;
import dev.belay.restore.RestoreReport;
import dev.belay.restore.WholeRestore;
import dev.belay.restore.WritesReport;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings the backup from before a migration back, and says what was written since. */
final class BackupReturn {
  private final GuardedRun run;
  private final Map<String, String> environment;
  private final FailedMigration failed;
  private final OperationLock held;
  private final Journal journal;
  private final LateSessions late;
  private final RecoveryAccount account;

  /**
   * @param environment for finding pg_restore
   * @param late who came meanwhile
   */
  BackupReturn(
      GuardedRun run,
      Map<String, String> environment,
      FailedMigration failed,
      OperationLock held,
      Journal journal,
      LateSessions late,
      RecoveryAccount account) {
    this.run = run;
    this.environment = environment;
    this.failed = failed;
    this.held = held;
    this.journal = journal;
    this.late = late;
    this.account = account;
  }

  /** What becomes of rows that others wrote since the backup. */
  enum Manner {
    /** There are none. */
    WHOLE,
    /** With any, nothing is restored. */
    UNLESS_WRITTEN,
    /** New ones come along, and the others are told. */
    LEAVING
  }

  /**
   * Brings it back.
   *
   * @return empty: it was not, and nothing was changed; the account says why
   * @throws Failure INCOMPLETE when it failed on the way
   */
  Optional<Recovered> restore(Manner manner) {
    String id = failed.backup().orElseThrow();
    run.progress().step("bringing the backup %s back".formatted(id));
    WholeRestore restore = new WholeRestore(run, environment);
    try {
      journal.step("restore-backup", Map.of("backup", id));
      RestoreReport report =
          switch (manner) {
            case WHOLE -> restore.within(id, failed.jobs(), held, journal);
            case UNLESS_WRITTEN -> restore.withinUnlessWritten(id, failed.jobs(), held, journal);
            case LEAVING -> restore.withinLeaving(id, failed.jobs(), held, journal);
          };
      boolean whole = tell(report, manner);
      return Optional.of(
          account.restored(whole, report.backup(), report.replaced(), ways(report, whole)));
    } catch (Failure failure) {
      account.failed("the restore: " + failure.message());
      if (failure.exitCode() == ExitCode.REFUSED && manner == Manner.UNLESS_WRITTEN) {
        account.found(failed.others().reasons());
      }
      if (failure.exitCode() == ExitCode.INCOMPLETE) {
        throw Failure.incomplete(
                "%s failed, and bringing the backup %s back failed too: %s"
                    .formatted(failed.what(), id, failure.message()),
                failure.state(),
                failure.hint())
            .causedBy(failure);
      }
      return Optional.empty();
    }
  }

  /** Says what was written since; whether nothing of it is missing now. */
  private boolean tell(RestoreReport report, Manner manner) {
    WritesReport writes = report.writes();
    boolean whole = true;
    if (writes != null) {
      List<String> behind = new ArrayList<>(writes.leftBehind());
      if (manner == Manner.LEAVING) {
        behind.addAll(writes.unknown());
      }
      behind.forEach(each -> account.found("only the replaced database has: " + each));
      if (writes.carried() > 0) {
        account.found(
            Units.count(writes.carried(), "row that", "rows that")
                + " somebody wrote meanwhile came along");
      }
      whole = behind.isEmpty();
    }
    if (manner == Manner.WHOLE && !late.others().isEmpty()) {
      // They came while the backup was brought back, when nobody looked for what they wrote.
      account.found(late.others());
      whole = false;
    }
    return whole;
  }

  private List<Way> ways(RestoreReport report, boolean whole) {
    List<Way> ways = new ArrayList<>();
    if (!whole && report.bringBack() != null) {
      ways.add(
          new Way(
              Way.Kind.LOOK, report.bringBack(), "shows what was written since, and brings it"));
    }
    ways.add(Ways.forward(failed));
    if (report.replaced() != null) {
      ways.add(
          new Way(
              Way.Kind.LOOK,
              "belay " + ShellWords.join(List.of("discard-replaced", report.replaced())),
              "frees the space of what was live until then"));
    }
    return ways;
  }
}
