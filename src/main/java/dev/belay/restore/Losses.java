package dev.belay.restore;

import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What a restore would leave behind, told before it begins. Rows are the server's own guess. */
final class Losses {
  private static final int SHOWN = 8;

  private Losses() {}

  private record Change(String table, long rows, boolean known) {}

  /** Lines for the plan; the live database is read, and nothing else is done. */
  static List<String> of(GuardedRun run, BackupFacts facts, Strategy strategy) {
    String where =
        strategy == Strategy.SWAP
            ? "stays only in the replaced database"
            : "is gone for ever, unless another backup has it";
    List<String> lines = new ArrayList<>();
    lines.add("everything written to %s since %s %s".formatted(run.live(), facts.takenAt(), where));
    try (Database live = run.databases().open(run.target())) {
      lines.addAll(tables(PreflightQueries.estimates(live), facts.rows()));
    } catch (Failure unreachable) {
      lines.add(
          "how many rows that is cannot be told: "
              + run.live()
              + " cannot be reached: "
              + unreachable.message());
    }
    return lines;
  }

  static List<String> tables(Map<String, Long> now, Map<String, Long> then) {
    List<Change> changes = new ArrayList<>();
    now.forEach(
        (table, rows) -> {
          long before = then.getOrDefault(table, 0L);
          if (rows != before || !then.containsKey(table)) {
            changes.add(new Change(table, rows - before, then.containsKey(table)));
          }
        });
    changes.sort(
        Comparator.comparingLong((Change change) -> -Math.abs(change.rows()))
            .thenComparing(Change::table));
    List<String> lines = new ArrayList<>();
    changes.stream().limit(SHOWN).map(Losses::line).forEach(lines::add);
    if (changes.size() > SHOWN) {
      lines.add(Units.count(changes.size() - SHOWN) + " more tables differ from the backup");
    }
    return lines;
  }

  private static String line(Change change) {
    if (!change.known()) {
      return "%s is not in the backup (about %s now)"
          .formatted(change.table(), Units.count(change.rows(), "row", "rows"));
    }
    return change.rows() > 0
        ? "%s has about %s more now than in the backup"
            .formatted(change.table(), Units.count(change.rows(), "row", "rows"))
        : "%s has about %s fewer now than in the backup; they come back"
            .formatted(change.table(), Units.count(-change.rows(), "row", "rows"));
  }
}
