package dev.belay.diff;

import dev.belay.core.TableName;
import dev.belay.core.Units;
import java.util.List;

/**
 * What a merge does with one table.
 *
 * @param diff how it differs
 * @param keyed whether its rows are told apart by a key; else they are compared as a multiset
 * @param add rows that are added
 * @param change rows that become as in the source
 * @param remove rows that are removed
 * @param conflicts rows that both sides changed, and that stay
 * @param left rows that differ and stay, conflicts not included
 * @param samples the first rows of each kind and decision
 * @param notes what a person should know of it, such as triggers and columns that are left out
 */
public record TableMerge(
    TableName table,
    TableDiff diff,
    boolean keyed,
    long add,
    long change,
    long remove,
    long conflicts,
    long left,
    List<RowSample> samples,
    List<String> notes) {
  public TableMerge {
    samples = List.copyOf(samples);
    notes = List.copyOf(notes);
  }

  /** For a plan: the table, and how many rows are added, changed and removed. */
  public String words() {
    return "%s: %s added, %s changed, %s removed"
        .formatted(table.plain(), Units.count(add), Units.count(change), Units.count(remove));
  }

  /** Rows that the merge touches. */
  public long touched() {
    return add + change + remove;
  }
}
