package dev.belay.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.report.ToPaste;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One source that was compared with the target, and merged into it.
 *
 * @param source its name: a backup's id, a database, a file
 * @param base the common ancestor's name, or null where there is none
 * @param policy as on the command line
 * @param removals whether what the source removed is removed
 * @param tables all that were compared, sorted by name
 * @param notes what a person should know of the whole
 * @param done what was written, or null when nothing was tried
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Pass(
    Origin origin,
    String source,
    @Nullable String base,
    String policy,
    boolean removals,
    List<TableAnswer> tables,
    @ToPaste List<String> notes,
    @Nullable Done done) {
  public Pass {
    tables = List.copyOf(tables);
    notes = List.copyOf(notes);
  }

  /**
   * What was written to the target, and kept.
   *
   * @param skipped rows that somebody changed between plan and batch, and that stay
   * @param sequences what was done to sequences, in words
   * @param attempts how often the merge was begun, 1 when nobody was in the way
   */
  public record Done(
      long added, long changed, long removed, long skipped, List<String> sequences, int attempts) {
    public Done {
      sequences = List.copyOf(sequences);
    }
  }

  /** The sum over all tables. */
  public long sum(ToLongFunction<TableAnswer> of) {
    return tables.stream().mapToLong(of).sum();
  }

  /** Rows that differ, of all tables. */
  @JsonProperty
  public long differing() {
    return sum(TableAnswer::differing);
  }

  /** What it is called in a sentence. */
  String words() {
    return origin.words() + " " + source;
  }
}
