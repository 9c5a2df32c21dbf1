package dev.belay.config;

import java.util.Map;
import java.util.Optional;

/**
 * What the command line says about the configuration.
 *
 * @param url the target, as {@code postgresql://…}, {@code jdbc:postgresql://…}, libpq's {@code
 *     key=value …} or the bare name of a database
 * @param configFile instead of {@code belay.yaml} in the working directory
 * @param settings further settings by name, such as {@code lock-timeout}
 */
public record Flags(
    Optional<String> url, Optional<String> configFile, Map<String, String> settings) {
  /** A command line that says nothing. */
  public static final Flags NONE = new Flags(Optional.empty(), Optional.empty(), Map.of());
}
