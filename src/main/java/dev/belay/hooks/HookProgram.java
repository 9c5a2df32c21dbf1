package dev.belay.hooks;

import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the programs of hooks as a shell would: by PATH, or by their path where they have one. */
final class HookProgram {
  private final Surroundings surroundings;

  HookProgram(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The file that is to be run, or nothing when there is none that may be. */
  Optional<Path> find(String program) {
    try {
      if (program.contains("/")) {
        return runnable(surroundings.directory().resolve(program));
      }
      String path = surroundings.environment().getOrDefault("PATH", "");
      for (String folder : path.split(File.pathSeparator, -1)) {
        // An empty part means the working directory, to a shell.
        Optional<Path> found = runnable(surroundings.directory().resolve(folder).resolve(program));
        if (found.isPresent()) {
          return found;
        }
      }
    } catch (InvalidPathException noFile) {
      // Nothing can be called so.
    }
    return Optional.empty();
  }

  private static Optional<Path> runnable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file)
        ? Optional.of(file.toAbsolutePath())
        : Optional.empty();
  }

  /**
   * Looks for all programs now: to find out afterwards that one is missing would be too late.
   *
   * @throws Failure REFUSED when one is missing; the message names all
   */
  void refuseMissing(List<Hook> hooks) {
    List<String> missing = new ArrayList<>();
    for (Hook hook : hooks) {
      String program = hook.words().get(0);
      if (find(program).isEmpty()) {
        missing.add(
            "%s: %s is %s"
                .formatted(
                    hook.name(),
                    program,
                    program.contains("/") ? "not there, or may not be run" : "not in PATH"));
      }
    }
    if (!missing.isEmpty()) {
      throw Failure.refused(
          String.join("; ", missing.stream().distinct().toList()),
          "install it, name it by its whole path in belay.yaml, or take the hook out");
    }
  }
}
