package dev.belay.app;

import dev.belay.cli.ConfigCommand;
import dev.belay.cli.Failures;
import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.restore.DiscardReplacedCommand;
import dev.belay.restore.ListReplacedCommand;
import dev.belay.restore.UndoRestoreCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Puts the program together: the only place that makes services. */
@Command(
    name = "belay",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "A safety line for PostgreSQL schema migrations.",
    synopsisSubcommandLabel = "<command>",
    scope = CommandLine.ScopeType.INHERIT)
public final class App {
  private final Surroundings surroundings;
  private final Terminal terminal;

  private App(Surroundings surroundings, Terminal terminal) {
    this.surroundings = surroundings;
    this.terminal = terminal;
  }

  /** The program as picocli runs it. */
  public static CommandLine commandLine(Surroundings surroundings, Terminal terminal) {
    App app = new App(surroundings, terminal);
    CommandLine line = new CommandLine(app);
    app.addCommands(line);
    Failures failures = new Failures(terminal);
    return line.setOut(terminal.out())
        .setErr(terminal.err())
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private void addCommands(CommandLine line) {
    line.addSubcommand(new ConfigCommand(surroundings, terminal));
    line.addSubcommand(new ListReplacedCommand(surroundings, terminal));
    line.addSubcommand(new UndoRestoreCommand(surroundings, terminal));
    line.addSubcommand(new DiscardReplacedCommand(surroundings, terminal));
    line.addSubcommand("help", new CommandLine.HelpCommand());
    line.addSubcommand("generate-completion", new picocli.AutoComplete.GenerateCompletion());
  }
}
