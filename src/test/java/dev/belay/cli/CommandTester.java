package dev.belay.cli;

import dev.belay.config.Surroundings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Runs {@link Sample} in this process, with or without a person at the terminal. */
record CommandTester(Path directory, Map<String, String> environment) {
  record Result(int status, String out, String err) {}

  Result run(String... arguments) {
    return run(false, List.of(), arguments);
  }

  Result answering(String answer, String... arguments) {
    return run(true, List.of(answer), arguments);
  }

  Result run(boolean terminal, List<String> answers, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Deque<String> lines = new ArrayDeque<>(answers);
    Terminal streams =
        new Terminal(new PrintWriter(out), new PrintWriter(err), terminal, terminal, lines::poll);
    Surroundings surroundings = new Surroundings(environment, directory, directory, "tester");
    try {
      int status = Sample.program(surroundings, streams).execute(arguments);
      return new Result(status, out.toString(), err.toString());
    } finally {
      Logging.stop();
    }
  }
}
