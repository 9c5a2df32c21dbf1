package dev.belay.undo;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.undo.EffectQueries.Column;
import dev.belay.undo.EffectQueries.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a transaction destroys, read from the server's catalogue and counters and not from the text
 * of its statements: tables and columns that are gone, tables that lost all rows, columns whose
 * values were converted, rows that were removed or overwritten.
 */
public final class UndoEffects {
  private final Map<Long, Table> tables;
  private final Map<Long, Long> touched;

  private UndoEffects(Map<Long, Table> tables, Map<Long, Long> touched) {
    this.tables = tables;
    this.touched = touched;
  }

  /**
   * Looks before the first statement, in the transaction.
   *
   * @throws Failure REFUSED when the server does not count what statements remove
   */
  public static UndoEffects before(Database session) {
    if (!EffectQueries.count(session)) {
      throw Failure.refused(
          "track_counts is off for this role or database, so that what the scripts remove cannot be counted",
          "have a superuser take that setting back: alter role … reset track_counts");
    }
    return new UndoEffects(EffectQueries.tables(session), EffectQueries.touched(session));
  }

  /**
   * Looks after the last statement, in the same transaction.
   *
   * @return by name; the number of rows is there for {@link UndoLoss.Kind#REMOVED} only, where it
   *     is that of rows removed or overwritten; names are those that the tables had before
   * @throws Failure REFUSED when a script kept the server from counting
   */
  public List<UndoLoss> after(Database session) {
    if (!EffectQueries.counts(session)) {
      throw Failure.refused(
          "a script sets track_counts to off, so that what it removes cannot be counted",
          "take that out of the undo script");
    }
    Map<Long, Table> now = EffectQueries.tables(session);
    Set<Long> rewritten = rewritten(now);
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
              Optional<Column> found =
                  left.columns().stream()
                      .filter(each -> each.number() == column.number())
                      .findFirst();
              if (found.isEmpty()
                  || (rewritten.contains(number) && found.get().isConverted(column))) {
                losses.add(loss(UndoLoss.Kind.COLUMN, table.name(), Optional.of(column.name()), 0));
              }
            }
          }
          if (table.file() != left.file()
              && EffectQueries.isEmptied(session, number, left.name())) {
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

  /** Tables of which rows, or those of a partition, are in another file now. */
  private Set<Long> rewritten(Map<Long, Table> now) {
    Set<Long> rewritten = new HashSet<>();
    tables.forEach(
        (number, table) -> {
          Table left = now.get(number);
          if (left != null && left.file() != table.file()) {
            rewritten.add(table.root());
          }
        });
    return rewritten;
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
