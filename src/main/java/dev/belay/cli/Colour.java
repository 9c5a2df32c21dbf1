package dev.belay.cli;

import java.util.Map;

/** Whether colours may be used; nothing ever needs them to be understood. */
public final class Colour {
  private Colour() {}

  /**
   * On a terminal that has colours, unless {@code NO_COLOR} says otherwise.
   *
   * @param environment the environment variables
   */
  public static boolean isWanted(Terminal terminal, Map<String, String> environment) {
    return terminal.showsProgress()
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }
}
