package dev.belay.cli;

/**
 * Whether this JVM runs Belay's commands and nothing else, or another program that uses the Java
 * API. It is asked for before logging is loaded, which {@code belay --version} must not pay for.
 */
public final class OwnProgram {
  private static volatile boolean running;

  private OwnProgram() {}

  /** It runs Belay's commands; called before anything is logged. */
  public static void begins() {
    running = true;
  }

  static boolean isRunning() {
    return running;
  }
}
