package dev.belay.restore;

import dev.belay.core.Failure;
import dev.belay.core.TablePattern;
import dev.belay.diff.Policy;
import dev.belay.process.ShellWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which tables the operator asked for, and how.
 *
 * @param tables not empty
 * @param triggers whether the application's triggers fire
 * @param batchRows rows of one transaction; empty: one transaction
 * @param jobs parallel sessions
 * @param stallTimeout a restore without progress for so long is ended
 * @param fromOtherDatabase the backup may be of another database or server
 * @param verify compare what was restored with the manifest before it is used
 */
record TableRequest(
    List<TablePattern> tables,
    Policy policy,
    boolean triggers,
    OptionalInt batchRows,
    int jobs,
    Duration stallTimeout,
    boolean fromOtherDatabase,
    boolean verify) {
  TableRequest {
    tables = List.copyOf(tables);
    if (policy == Policy.THREE_WAY) {
      throw Failure.usage(
          "the policy three-way needs a third database that both come from",
          "use exact, overwrite or add-missing, or belay reconcile-data");
    }
    if (batchRows.isPresent() && batchRows.getAsInt() < 1) {
      throw Failure.usage("--batch-size is " + batchRows.getAsInt(), "give at least 1");
    }
  }

  /** The command that does the same once more, for a shell. */
  String again(String backup) {
    List<String> words = new ArrayList<>(List.of("backup-restore", backup));
    tables.forEach(table -> words.addAll(List.of("--table", table.toString())));
    if (policy != Policy.EXACT) {
      words.addAll(List.of("--policy", policy.word()));
    }
    if (triggers) {
      words.addAll(List.of("--triggers", "on"));
    }
    batchRows.ifPresent(rows -> words.addAll(List.of("--batch-size", String.valueOf(rows))));
    if (fromOtherDatabase) {
      words.add("--from-other-database");
    }
    if (!verify) {
      words.add("--no-verify");
    }
    return "belay " + ShellWords.join(words);
  }
}
