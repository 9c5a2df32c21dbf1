package dev.belay.incident;

import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import java.util.List;

/** Belay's commands that only look, run in this process; nobody is told of them. */
@FunctionalInterface
public interface OwnCommands {
  /** Runs one command line to its end and returns its exit status. */
  int run(Surroundings surroundings, Terminal terminal, List<String> arguments);
}
