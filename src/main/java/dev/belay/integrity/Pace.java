package dev.belay.integrity;

/**
 * How hard a server may be worked.
 *
 * @param gentle in one session, in small steps with a rest after each, so that clients hardly
 *     notice
 * @param jobs how many sessions at once
 */
public record Pace(boolean gentle, int jobs) {
  /** For a server that has other work. */
  public static Pace forBusy() {
    return new Pace(true, 1);
  }

  /** As fast as so many sessions can. */
  public static Pace fast(int jobs) {
    return new Pace(false, Math.max(1, jobs));
  }
}
