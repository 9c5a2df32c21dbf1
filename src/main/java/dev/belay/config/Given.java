package dev.belay.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value as a source gives it.
 *
 * @param items the items where the source gives a list; null where it gives one text
 * @param source where it stands, such as {@code belay.yaml:12}
 */
record Given(String text, @Nullable List<String> items, String source) {
  static Given of(String text, String source) {
    return new Given(text, null, source);
  }

  static Given of(List<String> items, String source) {
    return new Given(String.join(",", items), List.copyOf(items), source);
  }

  /** The items of a list, or the parts between the commas of one text. */
  List<String> list() {
    if (items != null) {
      return items;
    }
    List<String> parts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return List.copyOf(parts);
  }

  /** Whether there is nothing in it; such a value counts as not given. */
  boolean isBlank() {
    return items == null && text.isBlank();
  }
}
