package dev.belay.integrity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that breaks a promise.
 *
 * @param place the row of the check: value by name of column, long values cut
 * @param rows how many rows of data it stands for
 * @param examples the first of them
 */
public record Finding(Map<String, @Nullable String> place, long rows, List<String> examples) {
  public Finding {
    place = Collections.unmodifiableMap(new LinkedHashMap<>(place));
    examples = List.copyOf(examples);
  }

  /** The two as one, of the same place. */
  Finding plus(Finding other, int most) {
    List<String> both = new java.util.ArrayList<>(examples);
    other.examples.stream().limit(Math.max(0, most - both.size())).forEach(both::add);
    return new Finding(place, rows + other.rows, both);
  }
}
