package dev.belay.config;

import dev.belay.core.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Belay's own sources, each as settings by name: {@code belay.yaml}, {@code BELAY_*}, flags. */
final class OwnSources {
  /** Variables that are no settings: of the start script, of what belay runs, and the file. */
  private static final Set<String> NOT_SETTINGS =
      Set.of(
          "CHILD",
          "CLASS_ARCHIVE",
          "CONFIG",
          "HOME",
          "JAVA",
          "JAVA_HOME",
          "JAVA_OPTS",
          "OPTS",
          "DEBUG");

  private final Surroundings surroundings;
  private final Places places;

  OwnSources(Surroundings surroundings, Places places) {
    this.surroundings = surroundings;
    this.places = places;
  }

  /** The configuration file in use, if there is one, and what named it. */
  Optional<Given> file(Flags flags) {
    String variable = surroundings.environment().getOrDefault("BELAY_CONFIG", "");
    if (flags.configFile().isPresent()) {
      return Optional.of(named(flags.configFile().get(), "--config"));
    }
    if (!variable.isBlank()) {
      return Optional.of(named(variable, "BELAY_CONFIG"));
    }
    Path standard = places.directory().resolve("belay.yaml");
    if (Files.exists(standard)) {
      return Optional.of(Given.of(standard.toString(), "default"));
    }
    if (Files.exists(places.directory().resolve("belay.yml"))) {
      throw Failure.usage("belay.yml is not read, only belay.yaml is", "mv belay.yml belay.yaml");
    }
    return Optional.empty();
  }

  private Given named(String name, String source) {
    Path file = places.resolve(name, source);
    if (!Files.exists(file)) {
      throw Failure.usage(
          source + ": the file " + places.show(file) + " does not exist",
          "name a file that is there, or leave it out to use belay.yaml");
    }
    return Given.of(file.toString(), source);
  }

  /**
   * The file, the environment, {@code --set}, in this order.
   *
   * @throws Failure USAGE for a name that is not known
   */
  List<Map<String, Given>> read(Optional<Given> file, Flags flags) {
    List<Map<String, Given>> sources = new ArrayList<>();
    file.ifPresent(
        path ->
            sources.add(BelayFile.read(Path.of(path.text()), places, surroundings.environment())));
    sources.add(variables());
    sources.add(flags(flags.settings()));
    return sources;
  }

  private Map<String, Given> variables() {
    Map<String, Given> settings = new LinkedHashMap<>();
    surroundings.environment().keySet().stream()
        .filter(name -> name.startsWith("BELAY_"))
        .sorted()
        .forEach(name -> variable(name, settings));
    return settings;
  }

  private void variable(String variable, Map<String, Given> settings) {
    String rest = variable.substring("BELAY_".length());
    // Kubernetes sets BELAY_SERVICE_HOST and BELAY_PORT_5432_TCP for a service named belay.
    if (NOT_SETTINGS.contains(rest)
        || rest.startsWith("TEST_")
        // What is told to a command that belay runs, which may be belay again.
        || rest.startsWith("WATCH_")
        || rest.startsWith("HOOK_")
        || rest.startsWith("GUARD_")
        || rest.startsWith("SERVICE_")
        || rest.startsWith("PORT_")) {
      return;
    }
    String name =
        Known.ofVariable(rest)
            .orElseThrow(
                () ->
                    Failure.usage(
                        variable + " names no setting",
                        "did you mean " + asVariable(Known.nearest(rest)) + "? unset " + variable));
    Given value = Given.of(surroundings.environment().getOrDefault(variable, ""), variable);
    if (!value.isBlank()) {
      settings.put(name, value);
    }
  }

  private static String asVariable(String name) {
    StringBuilder variable = new StringBuilder("BELAY_");
    name.chars()
        .forEach(
            letter -> {
              if (Character.isUpperCase(letter)) {
                variable.append('_');
              }
              variable.append(letter == '.' ? '_' : (char) Character.toUpperCase(letter));
            });
    return variable.toString();
  }

  private static Map<String, Given> flags(Map<String, String> flags) {
    Map<String, Given> settings = new LinkedHashMap<>();
    flags.forEach(
        (written, value) -> {
          String name =
              Known.ofFlag(written)
                  .orElseThrow(
                      () ->
                          Failure.usage(
                              "--set " + Masking.argument(written) + ": there is no such setting",
                              "did you mean " + Known.nearest(written) + "?"));
          if (value.isBlank()) {
            throw Failure.usage(
                "--set " + written + " is empty",
                "look whether the variable that you gave is set, or leave --set out");
          }
          boolean own = written.equals("log-file");
          settings.put(name, Given.of(value, own ? "--log-file" : "--set " + written));
        });
    return settings;
  }
}
