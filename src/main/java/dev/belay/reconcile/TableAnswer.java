package dev.belay.reconcile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.TableName;
import dev.belay.diff.RowSample;
import dev.belay.diff.TableMerge;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one table differed and what became of it.
 *
 * @param sourceRows rows of the source that were gone through; below zero: not counted
 * @param targetRows the same of the target
 * @param missing rows that only the source had
 * @param changed rows that both had, with other values
 * @param extra rows that only the target had
 * @param keyed whether rows were told apart by a key; else they were compared as a multiset
 * @param add rows that were to be added
 * @param change rows that were to become as in the source
 * @param remove rows that were to be removed
 * @param conflicts rows that both sides wrote, and that stay as they are in the target
 * @param left rows that differ and stay, conflicts not included
 * @param written what was written to the source since the backup, where that was looked at
 * @param lostColumns columns that only the source has and that hold values
 * @param rows the first rows of each kind, long values cut
 * @param notes what a person should know of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TableAnswer(
    TableName table,
    long sourceRows,
    long targetRows,
    long missing,
    long changed,
    long extra,
    boolean keyed,
    long add,
    long change,
    long remove,
    long conflicts,
    long left,
    @Nullable Written written,
    List<LostColumn> lostColumns,
    List<RowSample> rows,
    @ToPaste List<String> notes) {
  public TableAnswer {
    lostColumns = List.copyOf(lostColumns);
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /** What a merge says of a table, with what this command knows besides. */
  static TableAnswer of(
      TableMerge merge, @Nullable Written written, List<LostColumn> lost, List<String> notes) {
    List<String> all = new ArrayList<>(merge.notes());
    all.addAll(notes);
    return new TableAnswer(
        merge.table(),
        merge.diff().sourceRows(),
        merge.diff().targetRows(),
        merge.diff().missing(),
        merge.diff().changed(),
        merge.diff().extra(),
        merge.keyed(),
        merge.add(),
        merge.change(),
        merge.remove(),
        merge.conflicts(),
        merge.left(),
        written,
        lost,
        merge.samples().stream().map(Shortened::row).toList(),
        all);
  }

  /** Rows that are not the same on both sides. */
  public long differing() {
    return missing + changed + extra;
  }

  /** Rows that the merge touches. */
  @JsonIgnore
  public long touched() {
    return add + change + remove;
  }

  /** Whether there is nothing to tell of it. */
  @JsonIgnore
  public boolean quiet() {
    return differing() == 0
        && conflicts == 0
        && lostColumns.isEmpty()
        && (written == null || written.nothing());
  }
}
