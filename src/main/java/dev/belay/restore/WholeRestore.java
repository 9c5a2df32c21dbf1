package dev.belay.restore;

import dev.belay.cli.Consent;
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
    RestoreRequest request =
        new RestoreRequest(
            backup,
            Strategy.SWAP,
            Optional.empty(),
            jobs,
            run.settings().stallTimeout(),
            false,
            false,
            true,
            new Writes(false, false, false, false));
    try (RestoreSource source = parts.sources(run).find(backup)) {
      return new BackupRestore(run, parts.migrations(run))
          .run(source, request, RestoreTime.of(source.facts()), dryRun, consent);
    }
  }
}
