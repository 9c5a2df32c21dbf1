package dev.belay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import dev.belay.support.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A script of {@code create-trigger}, whose log says with what Belay ended, and one run of it. */
final class Script {
  private static final String PREFIX = "./trigger-";
  private static final String SUFFIX = ".sh";
  private static final Pattern ENDED =
      Pattern.compile(
          "trigger (?:ended with status (\\d+), belay guard with|"
              + "was not run: belay guard ended with status) (\\d+)");

  private final Path log;
  private final int before;

  private Script(Path log, int before) {
    this.log = log;
    this.before = before;
  }

  /** The command that runs the script of that policy. */
  static List<String> line(String policy) {
    return List.of(PREFIX + policy + SUFFIX);
  }

  /**
   * Writes it for the database as the program is to reach it.
   *
   * @return empty: that command is no script
   */
  static Optional<Script> write(World world, Program program, List<String> line) {
    String name = line.get(0);
    if (!name.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String policy = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
    Cli.Result written =
        program.run(
            "create-trigger --policy %s --file %s -- psql -q -v ON_ERROR_STOP=1 -f new.sql"
                .formatted(policy, name)
                .split(" "));
    assertThat(written.status()).as(written.toString()).isZero();
    Path log = world.folder.resolve(PREFIX + policy + ".log");
    return Optional.of(new Script(log, text(log).length()));
  }

  /** Runs that command, whatever it is, and answers with Belay's own status. */
  static Cli.Result run(World world, List<String> line) {
    Program program = world.program(world.live);
    Optional<Script> script = write(world, program, line);
    Cli.Result result = program.run(line);
    return script.map(each -> each.said(result, false)).orElse(result);
  }

  /**
   * The same with the status of Belay, which the script has kept for itself if the command failed.
   *
   * @param mayBeCut whether the script was killed, or could not write any more
   */
  Cli.Result said(Cli.Result result, boolean mayBeCut) {
    String own = text(log).substring(before);
    Optional<MatchResult> ended = ENDED.matcher(own).results().reduce((older, newer) -> newer);
    if (ended.isEmpty()) {
      assertThat(mayBeCut).as("the script says how it ended: " + own + result).isTrue();
      // Nobody can tell the command's status from Belay's, but for the script's own.
      boolean clear = Set.of(0, 12, Fault.KILLED.status()).contains(result.status());
      return new Cli.Result(clear ? result.status() : 20, result.out(), result.err());
    }
    int guard = Integer.parseInt(ended.get().group(2));
    int command = ended.get().group(1) == null ? 0 : Integer.parseInt(ended.get().group(1));
    assertThat(result.status())
        .as("the command's status, or belay's: " + own)
        .isEqualTo(command == 0 ? guard : command);
    return new Cli.Result(guard, result.out(), result.err());
  }

  private static String text(Path log) {
    try {
      return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
