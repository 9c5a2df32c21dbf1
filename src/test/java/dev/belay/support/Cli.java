package dev.belay.support;

import dev.belay.app.App;
import dev.belay.cli.Logging;
import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.core.Target;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the whole program in this process: arguments in; status, out and err out. */
public final class Cli {
  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private final Deque<String> answers = new ArrayDeque<>();
  private boolean terminal;

  /** The program in that working directory, which is its home too. */
  public Cli(Path directory) {
    this.directory = directory;
  }

  /** What one run left. */
  public record Result(int status, String out, String err) {}

  /** Sets an environment variable. */
  public Cli with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Points the program at a database by PGHOST and the like. */
  public Cli on(Target target) {
    environment.putAll(PgVariables.of(target));
    return this;
  }

  /** A person is at the terminal and gives these answers. */
  public Cli answering(String... lines) {
    terminal = true;
    answers.addAll(List.of(lines));
    return this;
  }

  /** Runs one command. */
  public Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal streams =
        new Terminal(new PrintWriter(out), new PrintWriter(err), terminal, false, answers::poll);
    Surroundings surroundings =
        new Surroundings(Map.copyOf(environment), directory, directory, "tester");
    try {
      int status = App.commandLine(surroundings, streams).execute(arguments);
      return new Result(status, out.toString(), err.toString());
    } finally {
      Logging.stop();
    }
  }

  /** The same, and fails unless it exits with that status; shows all three when it does not. */
  public Result expect(int status, String... arguments) {
    Result result = run(arguments);
    if (result.status() != status) {
      throw new AssertionError(
          "belay %s: expected %d, was %d%n--- out%n%s--- err%n%s"
              .formatted(
                  Arrays.toString(arguments), status, result.status(), result.out(), result.err()));
    }
    return result;
  }
}
