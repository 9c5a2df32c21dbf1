package dev.belay.restore;

import dev.belay.cli.Consent;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.util.Map;
import java.util.Optional;

/** Brings a whole backup back by a swap, for another operation that has it as its way back. */
public final class WholeRestore {
  private final GuardedRun run;
  private final RestoreParts parts;

  /**
   * @param environment for finding pg_restore
   */
  public WholeRestore(GuardedRun run, Map<String, String> environment) {
    this.run = run;
    this.parts = new StoredParts(environment);
  }

  /**
   * Restores as {@code backup-restore <backup>} does; takes the operation lock itself.
   *
   * @throws dev.belay.core.Failure as that
   */
  public Report run(String backup, int jobs, boolean dryRun, Consent consent) {
    RestoreRequest request = request(backup, jobs, Writes.UNSEEN);
    try (RestoreSource source = parts.sources(run).find(backup)) {
      return new BackupRestore(run, parts.migrations(run))
          .run(source, request, RestoreTime.of(source.facts()), dryRun, consent);
    }
  }

  /**
   * The same, agreed to before, within an operation that holds the lock and keeps the journal.
   *
   * @throws dev.belay.core.Failure as {@link #run}
   */
  public RestoreReport within(String backup, int jobs, OperationLock lock, Journal journal) {
    return within(request(backup, jobs, Writes.UNSEEN), lock, journal);
  }

  /**
   * The same, when no row of the live database differs from the backup; what is written between
   * that look and the swap is carried over.
   *
   * @throws dev.belay.core.Failure REFUSED when something was written since, of which nobody can
   *     say whether it may go; else as {@link #run}
   */
  public RestoreReport withinUnlessWritten(
      String backup, int jobs, OperationLock lock, Journal journal) {
    return within(request(backup, jobs, Writes.NONE), lock, journal);
  }

  /**
   * The same, whatever was written since: that stays in the replaced database, and the answer says
   * what it is.
   *
   * @throws dev.belay.core.Failure as {@link #run}
   */
  public RestoreReport withinLeaving(String backup, int jobs, OperationLock lock, Journal journal) {
    return within(request(backup, jobs, Writes.LEFT), lock, journal);
  }

  private RestoreReport within(RestoreRequest request, OperationLock lock, Journal journal) {
    try (RestoreSource source = parts.sources(run).find(request.backup())) {
      return new BackupRestore(run, parts.migrations(run)).within(source, request, lock, journal);
    }
  }

  private RestoreRequest request(String backup, int jobs, Writes writes) {
    return new RestoreRequest(
        backup,
        Strategy.SWAP,
        Optional.empty(),
        jobs,
        run.settings().stallTimeout(),
        false,
        false,
        true,
        writes);
  }
}
