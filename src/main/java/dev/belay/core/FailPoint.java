package dev.belay.core;

/**
 * Named moments at which a test may kill the program as {@code kill -9} would. Armed only by the
 * system property {@code belay.failpoint}; otherwise it costs one comparison with null.
 */
public final class FailPoint {
  private static final String ARMED = System.getProperty("belay.failpoint", "");

  private FailPoint() {}

  /**
   * Ends the program at once, with status 137 and without any clean-up, when {@code name} is armed.
   */
  public static void reached(String name) {
    if (ARMED.equals(name)) {
      Runtime.getRuntime().halt(137);
    }
  }
}
