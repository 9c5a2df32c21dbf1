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
  /** What the programs need to start at all, and to start fast. */
  private static final List<String> INHERITED =
      List.of(
          "PATH",
          "LANG",
          "LC_ALL",
          "TMPDIR",
          "JAVA_HOME",
          "BELAY_JAVA_OPTS",
          "BELAY_CLASS_ARCHIVE",
          "XDG_CACHE_HOME");

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

  /** What a script printed, and its exit status. */
  record Shown(int status, List<String> lines) {
    Shown {
      lines = List.copyOf(lines);
    }
  }

  /**
   * A new act.
   *
   * @throws Failure UNAVAILABLE when a signal ends the demo, as all that begins something here
   */
  void act(String title) {
    endWhenInterrupted();
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
    endWhenInterrupted();
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
    expect(ExitCode.OK, arguments);
  }

  /**
   * Runs a command of which only one exit status fits the story.
   *
   * @throws Failure FAILED when it has another, or UNAVAILABLE when it lacked something of the
   *     machine
   */
  void expect(ExitCode wanted, String... arguments) {
    int status = run(arguments);
    if (status == wanted.status()) {
      return;
    }
    if (status == ExitCode.UNAVAILABLE.status()) {
      throw Failure.unavailable(
          "the demo lacks what 'belay " + arguments[0] + "' asked for above",
          "do what its hint says, then run the demo again");
    }
    insist(
        false,
        "'belay %s' ended with %d and not with %d"
            .formatted(arguments[0], status, wanted.status()));
  }

  /**
   * Ends the demo when something is not as the story tells it.
   *
   * @param otherwise what it is like then
   * @throws Failure FAILED when it does not hold
   */
  void insist(boolean holds, String otherwise) {
    if (!holds) {
      throw Failure.failed(
          "the demo ends here, since " + otherwise, "please report it with the whole output");
    }
  }

  /**
   * Runs a shell script as cron does, with next to nothing in its environment, and shows what it
   * prints. What it has to put somewhere goes with the demo's folder, however it ends.
   */
  Shown script(String file) {
    endWhenInterrupted();
    out().println();
    out().println("$ env -i TMPDIR=\"$PWD\" sh " + file);
    out().flush();
    Path folder = surroundings.directory();
    ProcessCall call =
        ProcessCall.of(
            List.of(
                "env",
                "-i",
                "TMPDIR=" + folder,
                "sh",
                "-c",
                "exec sh \"$0\" 2>&1",
                folder.resolve(file).toString()),
            folder.resolve("demo.log"));
    List<String> lines = new ArrayList<>();
    int status =
        new ProcessRunner()
            .read(
                call,
                output ->
                    new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))
                        .lines()
                        .forEach(
                            line -> {
                              lines.add(line);
                              say(line);
                            }))
            .status();
    if (status != 0 && !Cleanup.interrupted()) {
      say("(exit status " + status + ")");
    }
    return new Shown(status, lines);
  }

  /** Nothing may be made any more in a folder that is being removed. */
  private static void endWhenInterrupted() {
    if (Cleanup.interrupted()) {
      throw Failure.unavailable("the demo is being ended", "run it again when you are ready");
    }
  }

  private PrintWriter out() {
    return terminal.out();
  }
}
