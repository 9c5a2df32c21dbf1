package dev.belay.diff;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row that differs, as a person sees it. Long values are cut, which {@code …} at their end says.
 *
 * @param kind what differs
 * @param decision what becomes of it
 * @param base what the common ancestor says
 * @param key the values of its key, or of all its columns where it has none
 * @param cells the values that differ; all of them where only one side has the row
 */
public record RowSample(
    Difference.Kind kind,
    Decision decision,
    Difference.Base base,
    Map<String, @Nullable String> key,
    List<Cell> cells) {
  public RowSample {
    cells = List.copyOf(cells);
  }

  /** The same row with another decision. */
  RowSample as(Decision other) {
    return new RowSample(kind, other, base, key, cells);
  }

  /**
   * A value on both sides.
   *
   * @param source null: it is null there, or the row is not there
   * @param target null: it is null there, or the row is not there
   */
  public record Cell(String column, @Nullable String source, @Nullable String target) {}
}
