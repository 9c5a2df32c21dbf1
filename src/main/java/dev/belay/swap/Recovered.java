package dev.belay.swap;

import java.util.List;

/**
 * What was found of dead runs.
 *
 * @param told what was done about it, or why not, in words
 * @param liveChanged whether a database that somebody works with is not as it was: databases that
 *     dead runs made for themselves are none
 */
public record Recovered(List<String> told, boolean liveChanged) {
  /** There was nothing to do. */
  public static final Recovered NOTHING = new Recovered(List.of(), false);

  public Recovered {
    told = List.copyOf(told);
  }
}
