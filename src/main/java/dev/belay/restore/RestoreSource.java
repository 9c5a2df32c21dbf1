package dev.belay.restore;

import dev.belay.core.RunId;
import dev.belay.core.Target;
import java.time.Duration;
import java.util.List;

/** A backup, as a restore uses it. From its check until it is closed nobody can delete it. */
interface RestoreSource extends AutoCloseable {
  /**
   * Where and how it is to be restored.
   *
   * @param target an empty database, or the live one
   * @param inPlace replace what is in the target, in one transaction
   * @param verify compare rows, fingerprints and sequences with the manifest
   */
  record Job(
      Target target, RunId run, int jobs, Duration stallTimeout, boolean inPlace, boolean verify) {}

  /**
   * What came of it.
   *
   * @param differences from the manifest, in words; empty: none, or not verified
   */
  record Restored(
      Duration restore, Duration verification, int tables, long rows, List<String> differences) {}

  BackupFacts facts();

  /**
   * Proves that its files are those that were written and, when {@code readable}, that pg_restore
   * can read each of their bytes.
   *
   * @throws dev.belay.core.Failure FINDINGS when they are not
   */
  void check(boolean readable);

  /**
   * Restores, and gathers statistics where it is not in place.
   *
   * @throws dev.belay.core.Failure FAILED when pg_restore fails; a target in place is as before
   */
  Restored restore(Job job);

  /** Lets it go. */
  @Override
  default void close() {}
}
