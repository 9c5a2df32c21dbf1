package dev.belay.restore;

import dev.belay.core.Failure;
import java.util.Arrays;
import java.util.List;

/** How a backup becomes the live database. */
public enum Strategy {
  /** Beside the live database, proven there, then swapped in. */
  SWAP("swap"),
  /** Into the live database, in one transaction; for roles that cannot create databases. */
  IN_PLACE("in-place"),
  /** Beside the live database, which is not touched. */
  NEW_DATABASE("new-database");

  private final String word;

  Strategy(String word) {
    this.word = word;
  }

  /** As it is typed. */
  public String word() {
    return word;
  }

  /**
   * The strategy of that name.
   *
   * @throws Failure USAGE when there is none
   */
  static Strategy of(String word) {
    List<String> words = Arrays.stream(values()).map(Strategy::word).toList();
    return Arrays.stream(values())
        .filter(strategy -> strategy.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "there is no strategy '" + word + "'",
                    "use one of: " + String.join(", ", words)));
  }
}
