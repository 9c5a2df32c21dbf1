package dev.belay.swap;

/**
 * Something that is in the way of a swap, found before anything is done.
 *
 * @param what in words
 * @param remedy what takes it away: a statement where there is one
 * @param blocking whether the swap cannot be done; otherwise it should only be known
 */
public record Obstacle(String what, String remedy, boolean blocking) {
  /** One line for a person. */
  public String line() {
    return what + " (" + remedy + ")";
  }
}
