package dev.belay.gradual;

import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code belay batch}: what gradual-rollback is doing, from another terminal. */
@Command(
    name = "batch",
    description = "See and steer what gradual-rollback does, from another terminal.",
    synopsisSubcommandLabel = "<what>",
    footer = {
      "",
      "Examples:",
      "  belay batch status",
      "  belay batch pause --reason 'month-end run'",
      "  belay batch resume",
      "  belay batch abort"
    })
public final class BatchCommand implements Callable<Integer> {
  private BatchCommand() {}

  /** With what one can do. */
  public static CommandLine of(Surroundings surroundings, Terminal terminal) {
    CommandLine line = new CommandLine(new BatchCommand());
    line.addSubcommand(new BatchStatusCommand(surroundings, terminal));
    line.addSubcommand(new BatchPauseCommand(surroundings, terminal));
    line.addSubcommand(new BatchResumeCommand(surroundings, terminal));
    line.addSubcommand(new BatchAbortCommand(surroundings, terminal));
    return line;
  }

  @Override
  public Integer call() {
    throw Failure.usage(
        "belay batch needs to know what: status, pause, resume or abort", "belay batch status");
  }
}
