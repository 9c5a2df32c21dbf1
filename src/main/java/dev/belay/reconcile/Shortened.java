package dev.belay.reconcile;

import dev.belay.diff.RowSample;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows whose values are short enough for a report, whoever cut them before. */
final class Shortened {
  /** In characters; a page with some thousand rows stays one that a browser opens. */
  static final int LONGEST = 2000;

  private static final String CUT = "…";

  private Shortened() {}

  static RowSample row(RowSample row) {
    Map<String, @Nullable String> key = new LinkedHashMap<>();
    row.key().forEach((column, value) -> key.put(column, value(value)));
    return new RowSample(
        row.kind(),
        row.decision(),
        row.base(),
        key,
        row.cells().stream()
            .map(
                cell ->
                    new RowSample.Cell(cell.column(), value(cell.source()), value(cell.target())))
            .toList());
  }

  static @Nullable String value(@Nullable String value) {
    if (value == null || value.length() <= LONGEST) {
      return value;
    }
    int end = Character.isHighSurrogate(value.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return value.substring(0, end) + CUT;
  }
}
