package dev.belay.watch;

import dev.belay.archive.DurableFiles;
import dev.belay.cli.Progress;
import dev.belay.config.Masking;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessResult;
import dev.belay.process.ProcessRunner;
import dev.belay.process.ShellWords;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Runs a command, without a shell, with what is known in its environment. */
final class CommandTrigger implements Trigger {
  private final List<String> command;
  private final Path folder;
  private final Path log;
  private final Duration limit;
  private final Target target;
  private final RunId run;
  private final Progress progress;

  /**
   * @param folder where the log with its output is made
   * @param limit after which it is ended
   */
  CommandTrigger(
      List<String> command,
      Path folder,
      Duration limit,
      Target target,
      RunId run,
      Progress progress) {
    this.command = List.copyOf(command);
    this.folder = folder;
    this.log = folder.resolve("watch_" + run + ".log");
    this.limit = limit;
    this.target = target;
    this.run = run;
    this.progress = progress;
  }

  /**
   * Sees to it that it could be run, before hours have passed.
   *
   * @param environment in which its program is looked for
   * @param directory in which a relative one begins
   * @throws Failure UNAVAILABLE when there is no such program, or its log cannot be written
   */
  void check(Map<String, String> environment, Path directory) {
    String program = command.get(0);
    if (!isThere(program, environment.getOrDefault("PATH", "/usr/bin:/bin"), directory)) {
      throw Failure.unavailable(
          "the command '%s' cannot be run: there is no such program".formatted(program),
          program.contains("/")
              ? "see what is there with: ls -l " + ShellWords.quote(program)
              : "name it with its whole path, or put its folder into PATH");
    }
    try {
      DurableFiles.createFolders(folder);
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "the folder of the command's log cannot be made: " + folder,
              "name another with folders.migrationMonitoring")
          .causedBy(cannot);
    }
  }

  private static boolean isThere(String program, String path, Path directory) {
    try {
      if (program.contains("/")) {
        return isProgram(directory.resolve(program));
      }
      return List.of(path.split(File.pathSeparator)).stream()
          .filter(folder -> !folder.isEmpty())
          .anyMatch(folder -> isProgram(directory.resolve(folder).resolve(program)));
    } catch (InvalidPathException strange) {
      return false;
    }
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  @Override
  public String words() {
    return "run %s, for at most %s".formatted(shown(), Units.duration(limit));
  }

  @Override
  public Pulled pull(Breach breach, BooleanSupplier still) {
    progress.step("running " + shown());
    Instant at = Instant.now();
    try {
      ProcessResult result =
          new ProcessRunner()
              .run(
                  // What tells no progress is ended when the limit is over.
                  new ProcessCall(command, facts(breach), Set.of(), log, limit, () -> 0));
      String words =
          "%s ended with %d after %s, see %s"
              .formatted(command.get(0), result.status(), Units.duration(result.duration()), log);
      if (result.succeeded()) {
        progress.step(words);
      } else {
        progress.warn(words);
      }
      return new Pulled("run", breach.threshold(), at, words, result.status(), null);
    } catch (Failure failure) {
      progress.warn(failure.message());
      return new Pulled("run", breach.threshold(), at, failure.message(), null, null);
    }
  }

  /** Without what sounds secret in it. */
  private String shown() {
    return ShellWords.join(Masking.words(command));
  }

  private Map<String, String> facts(Breach breach) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("BELAY_WATCH_RUN", run.text());
    facts.put("BELAY_WATCH_DATABASE", target.toString());
    facts.put("BELAY_WATCH_THRESHOLD", breach.threshold());
    facts.put("BELAY_WATCH_VALUE", String.valueOf(breach.value()));
    facts.put("BELAY_WATCH_LIMIT", String.valueOf(breach.limit()));
    facts.put("BELAY_WATCH_UNIT", breach.unit());
    facts.put("BELAY_WATCH_SINCE", breach.beganAt().toString());
    return facts;
  }
}
