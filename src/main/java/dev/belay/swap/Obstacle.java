package dev.belay.swap;

import dev.belay.core.Identifier;

/**
 * Something that is in the way of a swap, found before anything is done.
 *
 * @param what in words
 * @param remedy what takes it away: a statement where there is one
 * @param blocking whether the swap cannot be done; otherwise it should only be known
 */
public record Obstacle(String what, String remedy, boolean blocking) {
  /** The role may neither create a database nor rename its own. */
  public static Obstacle lacksCreatedb(String role) {
    return new Obstacle(
        "the role %s may not create and rename databases: it lacks CREATEDB".formatted(role),
        "alter role %s createdb".formatted(new Identifier(role)),
        true);
  }

  /** One line for a person. */
  public String line() {
    return what + " (" + remedy + ")";
  }
}
