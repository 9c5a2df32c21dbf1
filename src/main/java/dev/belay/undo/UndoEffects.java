package dev.belay.undo;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.undo.EffectQueries.Column;
import dev.belay.undo.EffectQueries.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a transaction destroys, read from the server's catalogue and counters and not from the text
 * of its statements: tables and columns that are gone, tables that are empty now, rows that were
 * removed or overwritten.
 */
public final class UndoEffects {
  private final Map<Long, Table> tables;
  private final Map<Long, Long> touched;

  private UndoEffects(Map<Long, Table> tables, Map<Long, Long> touched) {
    this.tables = tables;
    this.touched = touched;
  }

  /** Looks before the first statement, in the transaction. */
  public static UndoEffects before(Database session) {
    return new UndoEffects(EffectQueries.tables(session), EffectQueries.touched(session));
  }

  /**
   * Looks after the last statement, in the same transaction.
   *
   * @return by name; the number of rows is there for {@link UndoLoss.Kind#REMOVED} only, where it
   *     is that of rows removed or overwritten; names are those that the tables had before
   */
  public List<UndoLoss> after(Database session) {
    Map<Long, Table> now = EffectQueries.tables(session);
    Map<TableName, Long> rows = new LinkedHashMap<>();
    List<UndoLoss> losses = new ArrayList<>();
    tables.forEach(
        (number, table) -> {
          Table left = now.get(number);
          if (left == null) {
            if (!table.isPartition() || !gone(table.root(), now)) {
              losses.add(loss(UndoLoss.Kind.TABLE, table.name(), Optional.empty(), 0));
            }
            return;
          }
          if (!table.isPartition()) {
            for (Column column : table.columns()) {
              if (!left.columns().contains(column)
                  && left.columns().stream().noneMatch(each -> each.number() == column.number())) {
                losses.add(loss(UndoLoss.Kind.COLUMN, table.name(), Optional.of(column.name()), 0));
              }
            }
          }
          if (table.file() != left.file() && EffectQueries.isEmpty(session, left.name())) {
            losses.add(loss(UndoLoss.Kind.EMPTIED, nameOf(table), Optional.empty(), 0));
          }
        });
    EffectQueries.touched(session)
        .forEach(
            (number, count) -> {
              long more = count - touched.getOrDefault(number, 0L);
              Table table = tables.get(number);
              if (more > 0 && table != null && now.containsKey(number)) {
                rows.merge(nameOf(table), more, Long::sum);
              }
            });
    rows.forEach(
        (name, count) -> losses.add(loss(UndoLoss.Kind.REMOVED, name, Optional.empty(), count)));
    losses.sort(
        Comparator.comparing(UndoLoss::table)
            .thenComparing(each -> each.column().orElse(""))
            .thenComparing(UndoLoss::kind));
    return losses.stream().distinct().toList();
  }

  private static boolean gone(long root, Map<Long, Table> now) {
    return !now.containsKey(root);
  }

  /** A partition's rows are those of its table. */
  private TableName nameOf(Table table) {
    Table root = tables.get(table.root());
    return root == null ? table.name() : root.name();
  }

  private static UndoLoss loss(
      UndoLoss.Kind kind, TableName table, Optional<String> column, long rows) {
    return new UndoLoss(kind, table, column, rows, kind == UndoLoss.Kind.REMOVED);
  }
}
