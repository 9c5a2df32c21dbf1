package dev.belay.restore;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A backup, as a restore uses it. From its check until it is closed nobody can delete it. */
interface RestoreSource extends AutoCloseable {
  /**
   * Where and how it is to be restored.
   *
   * @param target an empty database, or the live one
   * @param verify compare rows, fingerprints and sequences with the manifest
   * @param only the tables whose rows are restored; empty: all
   */
  record Job(
      Target target,
      RunId run,
      int jobs,
      Duration stallTimeout,
      Manner manner,
      boolean verify,
      Set<TableName> only) {
    public Job {
      only = Set.copyOf(only);
    }

    Job(Target target, RunId run, int jobs, Duration stallTimeout, Manner manner, boolean verify) {
      this(target, run, jobs, stallTimeout, manner, verify, Set.of());
    }

    boolean inPlace() {
      return manner == Manner.IN_PLACE;
    }
  }

  /** What the target is. */
  enum Manner {
    /** A new database that is to be used. */
    NEW,
    /** The live database: what is in it is replaced, in one transaction. */
    IN_PLACE,
    /** A database from which rows are taken, and then dropped. */
    SCRATCH,
    /** The same without foreign keys, since only some tables have their rows. */
    SCRATCH_OF_TABLES,
    /**
     * The same for a part of a database that needs what it does not have: schemas, types and
     * functions of the live database are made first.
     */
    SCRATCH_ON_GROUND
  }

  /**
   * What came of it.
   *
   * @param differences from the manifest, in words; empty: none, or not verified
   */
  record Restored(
      Duration restore, Duration verification, int tables, long rows, List<String> differences) {
    /**
     * Stops when there is a difference.
     *
     * @throws Failure FAILED
     */
    void refuseDifferences(String backup) {
      if (!differences.isEmpty()) {
        throw Failure.failed(
            "what was restored from %s differs from its manifest: %s"
                .formatted(backup, String.join("; ", differences)),
            "choose another backup: belay list-backups");
      }
    }
  }

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

  /**
   * Copies tables that the live database does not have into it, with all that belongs to them, in
   * one transaction.
   *
   * @param from where this was restored
   * @throws dev.belay.core.Failure when it cannot; the live database is as before then
   */
  void recreate(Target from, Target live, List<TableName> tables, Job job);

  /** Lets it go. */
  @Override
  default void close() {}
}
