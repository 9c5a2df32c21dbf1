package dev.belay.demo;

import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import java.util.List;

/** Belay itself, as an operator would run it, but in this process. */
@FunctionalInterface
public interface WholeProgram {
  /** Runs one command line to its end and returns its exit status. */
  int run(Surroundings surroundings, Terminal terminal, List<String> arguments);
}
