package dev.belay.app;

import dev.belay.backup.CleanupBackupsCommand;
import dev.belay.backup.CreateBackupCommand;
import dev.belay.backup.ListBackupsCommand;
import dev.belay.backup.ValidateBackupCommand;
import dev.belay.cli.Colour;
import dev.belay.cli.ConfigCommand;
import dev.belay.cli.Failures;
import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.core.RunId;
import dev.belay.demo.DemoCommand;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.restore.BackupRestoreCommand;
import dev.belay.restore.DiscardReplacedCommand;
import dev.belay.restore.EmergencyRollbackCommand;
import dev.belay.restore.ListReplacedCommand;
import dev.belay.restore.UndoRestoreCommand;
import dev.belay.status.ListMigrations;
import dev.belay.status.ListMigrationsCommand;
import dev.belay.status.VerifyState;
import dev.belay.status.VerifyStateCommand;
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
  private final RunId run = RunId.fresh();

  private App(Surroundings surroundings, Terminal terminal) {
    this.surroundings = surroundings;
    this.terminal = terminal;
  }

  /** The program as picocli runs it. */
  public static CommandLine commandLine(Surroundings surroundings, Terminal terminal) {
    App app = new App(surroundings, terminal);
    CommandLine line = new CommandLine(app);
    app.addCommands(line);
    Failures failures =
        new Failures(terminal, Colour.isWanted(terminal, surroundings.environment()));
    return line.setOut(terminal.out())
        .setErr(terminal.err())
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private void addCommands(CommandLine line) {
    line.addSubcommand(new ConfigCommand(surroundings, terminal));
    Databases databases = new JdbcDatabases("belay:" + run);
    line.addSubcommand(
        new ListMigrationsCommand(surroundings, terminal, new ListMigrations(databases)));
    line.addSubcommand(new VerifyStateCommand(surroundings, terminal, new VerifyState(databases)));
    line.addSubcommand(
        new DemoCommand(
            terminal,
            (where, streams, arguments) ->
                commandLine(where, streams).execute(arguments.toArray(String[]::new))));
    line.addSubcommand(new CreateBackupCommand(surroundings, terminal, Version.number()));
    line.addSubcommand(new ListBackupsCommand(surroundings, terminal));
    line.addSubcommand(new ValidateBackupCommand(surroundings, terminal));
    line.addSubcommand(new CleanupBackupsCommand(surroundings, terminal));
    line.addSubcommand(new BackupRestoreCommand(surroundings, terminal));
    line.addSubcommand(new EmergencyRollbackCommand(surroundings, terminal));
    line.addSubcommand(new ListReplacedCommand(surroundings, terminal));
    line.addSubcommand(new UndoRestoreCommand(surroundings, terminal));
    line.addSubcommand(new DiscardReplacedCommand(surroundings, terminal));
    line.addSubcommand("help", new CommandLine.HelpCommand());
    line.addSubcommand("generate-completion", new picocli.AutoComplete.GenerateCompletion());
  }
}
