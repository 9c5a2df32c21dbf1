package dev.belay.reconcile;

import dev.belay.core.Failure;
import dev.belay.core.TablePattern;
import dev.belay.diff.Policy;
import dev.belay.diff.Tolerance;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the operator asks for.
 *
 * @param backup an id, a path, or latest
 * @param from where the rows come from: {@value #FROM_BACKUP}, {@value #FROM_REPLACED}, or the name
 *     of a replaced database
 * @param export a file of export-data whose rows are brought back, too
 * @param policy empty: add-missing
 * @param removals whether three-way removes what the source removed
 * @param tables empty: all
 * @param triggers whether the user's triggers fire
 * @param batchRows rows of one transaction; empty: everything is one
 * @param samples rows shown of each kind and table
 * @param jobs sessions for each side
 * @param dryRun whether to stop after the plan
 */
record ReconcileRequest(
    String backup,
    String from,
    Optional<Path> export,
    Optional<Policy> policy,
    boolean removals,
    List<TablePattern> tables,
    boolean triggers,
    OptionalInt batchRows,
    int samples,
    int jobs,
    Optional<Tolerance> tolerance,
    boolean dryRun) {
  static final String FROM_BACKUP = "backup";
  static final String FROM_REPLACED = "replaced";
  static final int MOST_SAMPLES = 1000;

  /**
   * What does not go together is refused before anything is opened.
   *
   * @throws Failure USAGE
   */
  ReconcileRequest {
    tables = List.copyOf(tables);
    Policy chosen = policy.orElse(Policy.ADD_MISSING);
    if (removals && chosen != Policy.THREE_WAY) {
      throw Failure.usage(
          "--removals goes with --policy three-way only",
          chosen == Policy.EXACT
              ? "leave --removals out: exact removes what only the target has"
              : "add --policy three-way");
    }
    if (chosen == Policy.THREE_WAY && from.equals(FROM_BACKUP) && export.isEmpty()) {
      throw Failure.usage(
          "three-way compares with a common ancestor, and the backup is none to itself",
          "name another source with --from replaced or --export-path, or use --policy overwrite");
    }
    if (export.isPresent() && chosen == Policy.EXACT) {
      throw Failure.usage(
          "--policy exact would make the target as the backup, and then as the export",
          "use add-missing, overwrite or three-way, or leave --export-path out");
    }
    if (export.isPresent() && !from.equals(FROM_BACKUP)) {
      throw Failure.usage(
          "--export-path and --from cannot be used together", "reconcile one after the other");
    }
    if (samples < 0 || samples > MOST_SAMPLES) {
      throw Failure.usage(
          "--samples " + samples + " is not between 0 and " + MOST_SAMPLES,
          "give a number between 0 and " + MOST_SAMPLES);
    }
    if (batchRows.isPresent() && batchRows.getAsInt() < 1) {
      throw Failure.usage(
          "--batch-size " + batchRows.getAsInt() + " is below 1", "give a number such as 1000");
    }
    if (jobs < 1) {
      throw Failure.usage("--jobs " + jobs + " is below 1", "give a number such as 2");
    }
  }

  /** The same for the backup alone, which comes before an export and has no common ancestor. */
  ReconcileRequest ofBackup() {
    return chosenPolicy() == Policy.THREE_WAY && !fromReplaced()
        ? with(Policy.ADD_MISSING, false, Optional.empty())
        : this;
  }

  /** The same with another policy. */
  ReconcileRequest with(Policy other, boolean removing) {
    return with(other, removing, export);
  }

  private ReconcileRequest with(Policy other, boolean removing, Optional<Path> file) {
    return new ReconcileRequest(
        backup,
        from,
        file,
        Optional.of(other),
        removing,
        tables,
        triggers,
        batchRows,
        samples,
        jobs,
        tolerance,
        dryRun);
  }

  boolean fromReplaced() {
    return !from.equals(FROM_BACKUP);
  }

  Policy chosenPolicy() {
    return policy.orElse(Policy.ADD_MISSING);
  }
}
