package dev.belay.migrate;

import dev.belay.core.Refusals;
import dev.belay.core.Units;
import dev.belay.flyway.Migration;
import dev.belay.migrations.LockedTable;
import dev.belay.migrations.PendingRisk;
import dev.belay.migrations.Risk;
import dev.belay.migrations.RiskRule;
import dev.belay.undo.LiveTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether migrations can run while the application works: by what the replay saw of their locks,
 * and by how long the work would take that is done under them with the live tables' sizes. Locks
 * are held until a transaction ends, so all work of a migration counts for each of its locks.
 */
final class ZeroDowntime {
  /**
   * Bytes of a table with its indexes that are done in a second. Measured with PostgreSQL 15 on two
   * cores and a table of 400 MB in memory: 96 MB rewritten, 240 MB indexed, 2,700 MB read and 14 MB
   * updated; what is taken is a third of that or less, for tables that are not in memory.
   */
  private static final long REWRITTEN = 30_000_000;

  private static final long INDEXED = 60_000_000;
  private static final long READ = 200_000_000;
  private static final long WRITTEN = 5_000_000;
  private static final String ROWS =
      "change the rows in a script of its own that locks no table, in batches";

  private static final Set<RiskRule> BREAKS =
      Set.of(
          RiskRule.RENAMED,
          RiskRule.COLUMN_DROPPED,
          RiskRule.DATA_DESTROYED,
          RiskRule.OBJECT_DROPPED,
          RiskRule.TYPE_CHANGED);

  private final Forecast forecast;
  private final Duration maxLock;
  private final boolean group;

  /**
   * @param maxLock how long others may have to wait
   * @param group whether all migrations are one transaction
   */
  ZeroDowntime(Forecast forecast, Duration maxLock, boolean group) {
    this.forecast = forecast;
    this.maxLock = maxLock;
    this.group = group;
  }

  /** Work that is done on the rows of a table, and how long that would take. */
  private record Work(Risk risk, LiveTable table, Duration takes, String instead) {
    boolean namesItsLock() {
      return !instead.equals(ROWS);
    }

    String words() {
      return "%s, which takes about %s".formatted(risk.what(), Units.duration(takes));
    }
  }

  /** Adds what speaks against it, each with what to write instead. */
  void refuse(Refusals refusals) {
    List<Work> earlier = new ArrayList<>();
    boolean locked = false;
    for (Migration migration : forecast.pending()) {
      Optional<PendingRisk> known = forecast.of(migration);
      if (known.isEmpty() || !known.get().replayed()) {
        refusals.add(
            "%s was not replayed, so nobody knows what it locks".formatted(migration.name()),
            "apply it by itself, without --zero-downtime");
        continue;
      }
      if (!group) {
        earlier.clear();
        locked = false;
      }
      List<LockedTable> strong =
          known.get().locks().stream()
              .filter(lock -> lock.live() && lock.stops() != LockedTable.Stops.nothing)
              .toList();
      locked |= !strong.isEmpty();
      List<Work> work = work(known.get());
      earlier.addAll(work);
      Duration all = earlier.stream().map(Work::takes).reduce(Duration.ZERO, Duration::plus);
      if (locked && all.compareTo(maxLock) > 0) {
        refusals.add(
            "%s keeps others waiting for about %s, longer than --max-lock %s: %s%s"
                .formatted(
                    migration.name(),
                    Units.duration(all),
                    Units.duration(maxLock),
                    earlier.stream().map(Work::words).collect(Collectors.joining("; ")),
                    earlier.stream().allMatch(Work::namesItsLock) ? "" : under(strong)),
            earlier.stream().map(Work::instead).distinct().collect(Collectors.joining("; ")));
      }
    }
  }

  private static String under(List<LockedTable> strong) {
    return "; under "
        + strong.stream()
            .map(lock -> lock.mode() + " on " + lock.table())
            .collect(Collectors.joining(", "));
  }

  private static List<Work> work(PendingRisk migration) {
    List<Work> work = new ArrayList<>();
    for (Risk risk : migration.risks()) {
      Optional<LiveTable> table = risk.table();
      if (table.isEmpty()) {
        continue;
      }
      if (risk.isOf(RiskRule.TABLE_REWRITTEN)) {
        add(
            work,
            risk,
            REWRITTEN,
            "add a new column beside the old one, fill it in batches, then switch");
      } else if (risk.isOf(RiskRule.INDEX_BUILD)) {
        add(
            work,
            risk,
            INDEXED,
            "write CREATE INDEX CONCURRENTLY, in a script of its own; a constraint takes it over"
                + " with ADD CONSTRAINT … USING INDEX");
      } else if (risk.isOf(RiskRule.SCAN_UNDER_LOCK)) {
        add(
            work,
            risk,
            READ,
            "add the constraint NOT VALID, and VALIDATE it in a later script; for NOT NULL, first a"
                + " CHECK (… IS NOT NULL) in that way");
      } else if (risk.isOf(RiskRule.ROWS_WRITTEN)
          || risk.isOf(RiskRule.ROWS_UPDATED)
          || risk.isOf(RiskRule.ROWS_DELETED)) {
        add(work, risk, WRITTEN, ROWS);
      }
    }
    return work;
  }

  private static void add(List<Work> work, Risk risk, long bytesPerSecond, String instead) {
    LiveTable table = risk.table().orElseThrow();
    // One whose size is not known may be of any size.
    Duration takes =
        table
            .bytes()
            .map(bytes -> Duration.ofMillis(bytes * 1000 / bytesPerSecond))
            .orElse(Duration.ofDays(1));
    work.add(new Work(risk, table, takes, instead));
  }

  /** What does not lock for long, but an application that runs meanwhile would notice. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Migration migration : forecast.pending()) {
      for (Risk risk : forecast.of(migration).map(PendingRisk::risks).orElse(List.of())) {
        if (BREAKS.stream().anyMatch(risk::isOf)) {
          notes.add(
              "a running application that still uses it fails after %s: %s"
                  .formatted(migration.name(), risk.what()));
        }
      }
    }
    return notes;
  }
}
