package dev.belay.demo;

import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessRunner;
import dev.belay.process.ShellWords;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the audience sees: the story, and every command with its real output and exit status. */
final class Stage {
  private static final List<String> INHERITED = List.of("PATH", "LANG", "LC_ALL", "TMPDIR");

  private final Terminal terminal;
  private final WholeProgram program;
  private final Surroundings surroundings;

  /**
   * @param folder where the commands run; nothing of the operator's own configuration reaches them
   */
  Stage(Terminal terminal, WholeProgram program, Path folder) {
    this.terminal = terminal;
    this.program = program;
    Map<String, String> environment = new HashMap<>();
    for (String name : INHERITED) {
      String value = System.getenv(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    this.surroundings =
        new Surroundings(
            Map.copyOf(environment), folder, folder, System.getProperty("user.name", ""));
  }

  /** A new act. */
  void act(String title) {
    out().println();
    out().println("== " + title);
    out().flush();
  }

  /** A line of the story. */
  void say(String line) {
    out().println(line);
    out().flush();
  }

  /** Runs a command of which every exit status is an answer. */
  int run(String... arguments) {
    List<String> words = new ArrayList<>(List.of("belay"));
    words.addAll(List.of(arguments));
    out().println();
    out().println("$ " + ShellWords.join(words));
    out().flush();
    int status = program.run(surroundings, terminal, List.of(arguments));
    terminal.err().flush();
    if (status != 0 && !Cleanup.interrupted()) {
      out().println("(exit status " + status + ")");
    }
    out().flush();
    return status;
  }

  /**
   * Runs a command that must succeed.
   *
   * @throws Failure FAILED when it does not, or UNAVAILABLE when it lacked something of the machine
   */
  void must(String... arguments) {
    int status = run(arguments);
    if (status == ExitCode.UNAVAILABLE.status()) {
      throw Failure.unavailable(
          "the demo lacks what 'belay " + arguments[0] + "' asked for above",
          "do what its hint says, then run the demo again");
    }
    if (status != 0) {
      throw Failure.failed(
          "the demo ends here, since 'belay " + arguments[0] + "' ended with " + status,
          "please report it with the whole output");
    }
  }

  /**
   * Runs a shell script as cron does, with nothing in its environment, and shows what it prints.
   */
  int script(String file) {
    out().println();
    out().println("$ env -i sh " + file);
    out().flush();
    Path script = surroundings.directory().resolve(file);
    ProcessCall call =
        ProcessCall.of(
            List.of("env", "-i", "sh", "-c", "exec sh \"$0\" 2>&1", script.toString()),
            surroundings.directory().resolve("demo.log"));
    int status =
        new ProcessRunner()
            .read(
                call,
                output ->
                    new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))
                        .lines()
                        .forEach(this::say))
            .status();
    if (status != 0 && !Cleanup.interrupted()) {
      say("(exit status " + status + ")");
    }
    return status;
  }

  private PrintWriter out() {
    return terminal.out();
  }
}
