package dev.belay.restore;

import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What a restore would leave behind, told before it begins. Rows are the server's own guess. */
final class Losses {
  private static final int SHOWN = 8;

  private Losses() {}

  /** How a table differs; what is not there has no number. */
  private record Change(String table, Optional<Long> now, Optional<Long> then) {
    long rows() {
      return now.orElse(0L) - then.orElse(0L);
    }
  }

  /** Lines for the plan; the live database is read, and nothing else is done. */
  static List<String> of(
      GuardedRun run, BackupFacts facts, Strategy strategy, boolean carriesNewRows) {
    String where =
        strategy == Strategy.SWAP
            ? "stays only in the replaced database"
            : "is gone for ever, unless another backup has it";
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s %s since %s %s"
            .formatted(
                carriesNewRows
                    ? "what was changed or removed, but not what was added, in"
                    : "everything written to",
                run.live(),
                Units.moment(facts.takenAt()),
                where));
    try (Database live = run.databases().open(run.target())) {
      lines.addAll(tables(PreflightQueries.rows(live, facts.rows()), facts.rows()));
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
    TreeSet<String> names = new TreeSet<>(now.keySet());
    names.addAll(then.keySet());
    List<Change> changes = new ArrayList<>();
    for (String table : names) {
      Optional<Long> here = Optional.ofNullable(now.get(table));
      Optional<Long> before = Optional.ofNullable(then.get(table));
      if (!here.equals(before)) {
        changes.add(new Change(table, here, before));
      }
    }
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
    String rows = Units.count(Math.abs(change.rows()), "row", "rows");
    if (change.then().isEmpty()) {
      return "%s is not in the backup (about %s now)".formatted(change.table(), rows);
    }
    if (change.now().isEmpty()) {
      return "%s is not there now; it comes back with %s".formatted(change.table(), rows);
    }
    return change.rows() > 0
        ? "%s has about %s more now than in the backup".formatted(change.table(), rows)
        : "%s has about %s fewer now than in the backup; they come back"
            .formatted(change.table(), rows);
  }
}
