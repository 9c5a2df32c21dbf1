package dev.belay.reconcile;

import dev.belay.cli.Progress;
import dev.belay.core.TableName;
import dev.belay.diff.Diff;
import dev.belay.diff.DiffOptions;
import dev.belay.diff.Pair;
import dev.belay.diff.Relation;
import dev.belay.diff.Side;
import dev.belay.diff.TableDiff;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was written to a database since a backup, table by table, counted exactly. */
final class WrittenSince {
  private WrittenSince() {}

  /**
   * Compares.
   *
   * @param tables of the source; those that the backup lacks are all new
   * @param rows gives the number of rows of a table that the backup lacks
   */
  static Map<TableName, Written> of(
      Side source,
      Side backup,
      List<Relation> tables,
      Map<TableName, Relation> inBackup,
      java.util.function.ToLongFunction<Relation> rows,
      DiffOptions options,
      Progress progress) {
    Map<TableName, Written> written = new HashMap<>();
    long bytes = tables.stream().mapToLong(table -> 2 * table.bytes()).sum();
    try (Progress.Bar bar = progress.bar("written since the backup", bytes, "bytes");
        Diff diff = Diff.open(source, backup, Optional.empty(), options)) {
      for (Relation table : tables) {
        Relation then = inBackup.get(table.name());
        if (then == null) {
          written.put(table.name(), new Written(rows.applyAsLong(table), 0, 0));
          continue;
        }
        TableDiff found = diff.table(Pair.of(table, then), Optional.empty(), some -> {}, bar);
        written.put(table.name(), new Written(found.missing(), found.changed(), found.extra()));
      }
    }
    return written;
  }
}
