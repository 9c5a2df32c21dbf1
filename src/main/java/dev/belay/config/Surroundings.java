package dev.belay.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the program runs: all that it may read of the machine to find its configuration.
 *
 * @param environment the environment variables
 * @param directory the working directory
 * @param home the user's home folder
 * @param osUser the operating system's name of the user
 */
public record Surroundings(
    Map<String, String> environment, Path directory, Path home, String osUser) {
  /** Those of this process. */
  public static Surroundings ofThisProcess() {
    return new Surroundings(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        Path.of(System.getProperty("user.home", "/")),
        System.getProperty("user.name", ""));
  }
}
