package dev.belay.diff;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a merge does, exactly: it was counted in the moment that the merge works on.
 *
 * @param tables every table that was compared, equal ones too, sorted by name
 * @param cascades what foreign keys take away or change beside that; empty: nothing
 * @param notes what a person should know of the whole, such as triggers that are off meanwhile
 */
public record MergePlan(
    Policy policy, List<TableMerge> tables, List<Cascade> cascades, List<String> notes) {
  public MergePlan {
    tables = List.copyOf(tables);
    cascades = List.copyOf(cascades);
    notes = List.copyOf(notes);
  }

  /** The sum over all tables. */
  public long sum(ToLongFunction<TableMerge> of) {
    return tables.stream().mapToLong(of).sum();
  }

  /** Whether there is anything to do. */
  public boolean empty() {
    return sum(TableMerge::touched) == 0;
  }

  /**
   * Whether it adds, changes or removes more than another in any table, or more of any table goes
   * by any foreign key. Rows are counted: which they are is not compared.
   */
  public boolean exceeds(MergePlan other) {
    return tables.stream().anyMatch(table -> exceeds(table, other))
        || cascades.stream().anyMatch(cascade -> cascade.rows() > rows(cascade, other));
  }

  private static long rows(Cascade like, MergePlan other) {
    return other.cascades.stream()
        .filter(
            same ->
                same.table().equals(like.table())
                    && same.parent().equals(like.parent())
                    && same.constraint().equals(like.constraint())
                    && same.effect() == like.effect())
        .mapToLong(Cascade::rows)
        .sum();
  }

  private static boolean exceeds(TableMerge table, MergePlan other) {
    return other.tables.stream()
        .filter(same -> same.table().equals(table.table()))
        .findFirst()
        .map(
            same ->
                table.add() > same.add()
                    || table.change() > same.change()
                    || table.remove() > same.remove())
        .orElse(table.touched() > 0);
  }
}
