package dev.belay.diff;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a merge does, exactly: it was counted in the moment that the merge works on.
 *
 * @param tables every table that was compared, equal ones too, sorted by name
 * @param notes what a person should know of the whole, such as triggers that are off meanwhile
 */
public record MergePlan(Policy policy, List<TableMerge> tables, List<String> notes) {
  public MergePlan {
    tables = List.copyOf(tables);
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
}
