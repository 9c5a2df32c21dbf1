package dev.belay.process;

import dev.belay.core.Failure;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the program that a command names, as a shell would. */
public final class ProgramSearch {
  private static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

  private ProgramSearch() {}

  /**
   * The program's file. One that is named without a slash is looked for along {@code PATH}.
   *
   * @param directory where relative names begin
   * @throws Failure UNAVAILABLE when there is none, or it may not be run
   */
  public static Path find(String program, Map<String, String> environment, Path directory) {
    if (program.isEmpty()) {
      throw Failure.unavailable(
          "the command is an empty word", "name the program after --, such as: -- flyway migrate");
    }
    try {
      if (program.contains("/")) {
        return named(program, directory.resolve(program));
      }
      String places = environment.getOrDefault("PATH", USUAL_PATH);
      Optional<Path> found =
          List.of(places.split(":", -1)).stream()
              .map(place -> directory.resolve(place).resolve(program))
              .filter(ProgramSearch::mayRun)
              .findFirst();
      return found.orElseThrow(
          () ->
              Failure.unavailable(
                  "the command %s is not found along PATH (%s)"
                      .formatted(ShellWords.quote(program), places),
                  "name it with its folder; what is built into a shell needs one: sh -c "
                      + ShellWords.quote(program + " ...")));
    } catch (InvalidPathException hostile) {
      throw Failure.unavailable(
          "no file can have the name " + ShellWords.quote(program), "name a program that is there");
    }
  }

  private static Path named(String program, Path file) {
    if (mayRun(file)) {
      return file;
    }
    String quoted = ShellWords.quote(program);
    if (Files.isDirectory(file)) {
      throw Failure.unavailable("the command %s is a folder".formatted(quoted), "ls " + quoted);
    }
    throw Files.exists(file)
        ? Failure.unavailable(
            "the command %s may not be run".formatted(quoted), "chmod +x " + quoted)
        : Failure.unavailable("the command %s is not there".formatted(quoted), "ls -l " + quoted);
  }

  private static boolean mayRun(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
