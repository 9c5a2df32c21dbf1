package dev.belay.demo;

import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.scratch.ServerPlace;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code belay demo}: plays an incident on a server of its own. Touches no database but that one.
 */
@Command(
    name = "demo",
    description = {
      "Play an incident on a throw-away PostgreSQL: a clinic's database, a migration that destroys data, and the way back.",
      "Then a night: migrations and a script that fail with nobody there, who is told, what is brought back, and a page about the migration.",
      "It needs psql, pg_dump and pg_restore of PostgreSQL 15 or newer, less than two minutes, and 500 MB of disk. Your own databases and configuration are not touched."
    },
    footer = {
      "",
      "Examples:",
      "  belay demo",
      "  belay demo --report night.html",
      "  belay demo --keep",
      "  belay demo --stop"
    })
public final class DemoCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  private final Terminal terminal;
  private final Demo demo;

  @Option(
      names = "--keep",
      description = "Leave the server running afterwards, and say how to play on.")
  private boolean keep;

  @Option(
      names = "--report",
      paramLabel = "<file>",
      description =
          "Where the page about the night's migration goes (default: the demo's own folder, which --keep keeps). Nothing is overwritten.")
  private @Nullable String report;

  @Option(
      names = "--stop",
      description = "Stop the servers that --keep left and remove their files.")
  private boolean stop;

  /**
   * @param surroundings where the operator is
   * @param program Belay itself, for the commands that are shown
   */
  public DemoCommand(Surroundings surroundings, Terminal terminal, WholeProgram program) {
    this.surroundings = surroundings;
    this.terminal = terminal;
    this.demo = new Demo(terminal, program);
  }

  @Override
  public Integer call() {
    if (stop && (keep || report != null)) {
      throw Failure.usage("--stop goes with no other option", "belay demo --stop");
    }
    if (stop) {
      int stopped = ServerPlace.sweep(Demo.PREFIX, true);
      terminal.out().println("stopped " + stopped + (stopped == 1 ? " server" : " servers"));
      return 0;
    }
    return demo.run(keep, Optional.ofNullable(report).map(this::page)).status();
  }

  /** Refused before anybody has waited for it. */
  private Path page(String name) {
    Path file;
    try {
      file = surroundings.directory().resolve(name).toAbsolutePath().normalize();
    } catch (InvalidPathException wrong) {
      throw Failure.usage(
          "'%s' is no name of a file: %s".formatted(name, wrong.getReason()),
          "name one such as --report night.html");
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw Failure.refused(
          file + " is there already, and nothing is overwritten", "name another with --report");
    }
    Path folder = file.getParent();
    if (folder == null || !Files.isWritable(folder)) {
      throw Failure.unavailable(
          "nothing can be written to the folder of " + file, "name another with --report");
    }
    return file;
  }
}
