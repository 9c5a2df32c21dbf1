package dev.belay.cli;

import java.util.List;

/**
 * Who goes along with operations, and who tells people of them.
 *
 * @param companions in the order in which they are asked
 */
public record Accompaniment(List<Companion> companions, Announcer announcer) {
  /** Nobody. */
  static final Accompaniment NOBODY = new Accompaniment(List.of(), Announcer.silent());

  public Accompaniment {
    companions = List.copyOf(companions);
  }
}
