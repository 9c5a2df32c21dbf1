package dev.belay.flyway;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the history together with what later rows say about it. Rows that only say something
 * about another one are taken up by that one, as Flyway does it.
 */
final class HistoryRow {
  final AppliedMigration applied;
  final @Nullable MigrationVersion version;
  boolean deleted;
  boolean undone;
  boolean held;
  boolean outOfOrder;
  @Nullable AppliedMigration closedBy;

  private HistoryRow(AppliedMigration applied) {
    this.applied = applied;
    this.version = applied.number();
  }

  /** Whether the migration was applied, and nothing after it took that back. */
  boolean isInForce() {
    return applied.success() && !applied.isRecord() && !deleted && !undone && !held;
  }

  /** The rows with a version, in rank order. */
  static List<HistoryRow> versioned(List<AppliedMigration> history) {
    List<HistoryRow> rows = new ArrayList<>();
    for (AppliedMigration applied : history) {
      HistoryRow row = new HistoryRow(applied);
      if (row.version == null) {
        continue;
      }
      if (applied.isDelete() && applied.success()) {
        delete(rows, row);
      } else if (applied.isUndo() && !applied.isHold() && applied.success()) {
        undo(rows, row);
      } else {
        rows.add(row);
      }
    }
    rows.stream().filter(row -> row.applied.isHold()).forEach(hold -> hold(rows, hold));
    return rows;
  }

  /** The rows without a version, in rank order; those that delete another one stay visible. */
  static List<HistoryRow> repeatable(List<AppliedMigration> history) {
    List<HistoryRow> rows = new ArrayList<>();
    for (AppliedMigration applied : history) {
      if (applied.version() != null) {
        continue;
      }
      HistoryRow row = new HistoryRow(applied);
      if (applied.isDelete() && applied.success()) {
        deleteRepeatable(rows, row);
      }
      rows.add(row);
    }
    return rows;
  }

  /** Every second DELETE row for one applied row, which stops Flyway. */
  static List<AppliedMigration> secondDeletes(List<AppliedMigration> history) {
    List<AppliedMigration> twice = new ArrayList<>();
    List<HistoryRow> rows = new ArrayList<>();
    for (AppliedMigration applied : history) {
      HistoryRow row = new HistoryRow(applied);
      if (row.version == null) {
        continue;
      }
      if (!applied.isDelete() || !applied.success()) {
        rows.add(row);
      } else if (!delete(rows, row)) {
        twice.add(applied);
      }
    }
    return twice;
  }

  /** Returns false when the row it is about was deleted before. */
  private static boolean delete(List<HistoryRow> rows, HistoryRow record) {
    for (int index = rows.size() - 1; index >= 0; index--) {
      HistoryRow row = rows.get(index);
      if (row.isOf(record) && !row.applied.isSynthetic()) {
        boolean first = !row.deleted;
        row.deleted = true;
        row.closedBy = record.applied;
        return first;
      }
    }
    return true;
  }

  private static void undo(List<HistoryRow> rows, HistoryRow record) {
    for (int index = rows.size() - 1; index >= 0; index--) {
      HistoryRow row = rows.get(index);
      boolean live = !row.undone && !row.deleted && !row.applied.isRecord();
      if (row.isOf(record) && live && !row.applied.isSynthetic()) {
        row.undone = true;
        row.closedBy = record.applied;
        return;
      }
    }
  }

  private static void hold(List<HistoryRow> rows, HistoryRow record) {
    if (record.deleted || !record.applied.success()) {
      return;
    }
    for (int index = rows.indexOf(record) - 1; index >= 0; index--) {
      HistoryRow row = rows.get(index);
      if (row.isOf(record) && row.isInForce()) {
        row.held = true;
        row.closedBy = record.applied;
        return;
      }
    }
  }

  private static void deleteRepeatable(List<HistoryRow> rows, HistoryRow record) {
    for (int index = rows.size() - 1; index >= 0; index--) {
      HistoryRow row = rows.get(index);
      boolean same = row.applied.description().equals(record.applied.description());
      if (same && !row.applied.isSynthetic()) {
        row.deleted = true;
        row.closedBy = record.applied;
        return;
      }
    }
  }

  private boolean isOf(HistoryRow record) {
    return version != null && version.equals(record.version);
  }
}
