package dev.belay.archive;

import java.util.List;
import java.util.Optional;

/**
 * What a partial backup holds. It is no point to go back to as a whole.
 *
 * @param app whose schemas and tables it holds
 * @param patterns of tables, as they were given; empty where an app was named
 */
public record Selection(Optional<String> app, List<String> patterns) {
  public Selection {
    patterns = List.copyOf(patterns);
  }
}
