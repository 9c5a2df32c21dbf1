package dev.belay.demo;

import dev.belay.cli.Terminal;
import dev.belay.scratch.ServerPlace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code belay demo}: plays an incident on a server of its own. Touches no database but that one.
 */
@Command(
    name = "demo",
    description = {
      "Play an incident on a throw-away PostgreSQL: a clinic's database, a migration that destroys data, and the way back.",
      "It needs pg_dump and pg_restore of PostgreSQL 15 or newer, less than two minutes, and 500 MB of disk. Your own databases and configuration are not touched."
    },
    footer = {"", "Examples:", "  belay demo", "  belay demo --keep", "  belay demo --stop"})
public final class DemoCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Demo demo;

  @Option(
      names = "--keep",
      description = "Leave the server running afterwards, and say how to play on.")
  private boolean keep;

  @Option(
      names = "--stop",
      description = "Stop the servers that --keep left and remove their files.")
  private boolean stop;

  /**
   * @param program Belay itself, for the commands that are shown
   */
  public DemoCommand(Terminal terminal, WholeProgram program) {
    this.terminal = terminal;
    this.demo = new Demo(terminal, program);
  }

  @Override
  public Integer call() {
    if (stop) {
      int stopped = ServerPlace.sweep(Demo.PREFIX, true);
      terminal.out().println("stopped " + stopped + (stopped == 1 ? " server" : " servers"));
      return 0;
    }
    return demo.run(keep).status();
  }
}
