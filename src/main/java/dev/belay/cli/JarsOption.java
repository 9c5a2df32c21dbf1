package dev.belay.cli;

import dev.belay.config.Surroundings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where Java migrations are, for a replay. */
public final class JarsOption {
  @Option(
      names = "--jars",
      paramLabel = "<file>",
      split = ",",
      description = "A jar, or a folder of jars or classes, with Java migrations; repeatable.")
  private List<Path> jars = new ArrayList<>();

  /** As paths of their own, in the order given. */
  public List<Path> jars(Surroundings surroundings) {
    return jars.stream().map(surroundings.directory()::resolve).toList();
  }
}
