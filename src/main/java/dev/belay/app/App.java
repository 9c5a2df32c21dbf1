package dev.belay.app;

import dev.belay.audit.AuditCommand;
import dev.belay.backup.CleanupBackupsCommand;
import dev.belay.backup.CreateBackupCommand;
import dev.belay.backup.ListBackupsCommand;
import dev.belay.backup.ValidateBackupCommand;
import dev.belay.cli.Accompaniment;
import dev.belay.cli.Announcer;
import dev.belay.cli.Colour;
import dev.belay.cli.ConfigCommand;
import dev.belay.cli.Failures;
import dev.belay.cli.HelpCommand;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.conflicts.ResolveConflictsCommand;
import dev.belay.core.RunId;
import dev.belay.demo.DemoCommand;
import dev.belay.drill.DrillCommand;
import dev.belay.emergency.EmergencyRecoveryCommand;
import dev.belay.export.ExportData;
import dev.belay.export.ExportDataCommand;
import dev.belay.export.ImportDataCommand;
import dev.belay.gradual.BatchCommand;
import dev.belay.gradual.GradualRollbackCommand;
import dev.belay.guard.CreateTriggerCommand;
import dev.belay.guard.GuardCommand;
import dev.belay.hooks.Alongside;
import dev.belay.incident.IncidentBundleCommand;
import dev.belay.incident.OperationKeeper;
import dev.belay.incident.OperationReportCommand;
import dev.belay.journal.AuditRecorder;
import dev.belay.migrate.MigrateCommand;
import dev.belay.migrations.CheckDependencies;
import dev.belay.migrations.CheckDependenciesCommand;
import dev.belay.migrations.CheckMigrations;
import dev.belay.migrations.CheckMigrationsCommand;
import dev.belay.migrations.StoreUndoCommand;
import dev.belay.notify.Notifier;
import dev.belay.notify.SendNotificationCommand;
import dev.belay.points.CleanupPointsCommand;
import dev.belay.points.CreatePointCommand;
import dev.belay.points.ExecutePointCommand;
import dev.belay.points.ListPointsCommand;
import dev.belay.points.RollbackPointCommand;
import dev.belay.points.ShowPointCommand;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.readiness.ReadinessCommand;
import dev.belay.reconcile.ReconcileCommand;
import dev.belay.rehearse.RehearseCommand;
import dev.belay.restore.BackupRestoreCommand;
import dev.belay.restore.DiscardReplacedCommand;
import dev.belay.restore.EmergencyRollbackCommand;
import dev.belay.restore.ListReplacedCommand;
import dev.belay.restore.UndoRestoreCommand;
import dev.belay.rollback.RollbackMigrationCommand;
import dev.belay.schema.ValidateSchema;
import dev.belay.schema.ValidateSchemaCommand;
import dev.belay.scratch.ReplayedSchema;
import dev.belay.status.ListMigrations;
import dev.belay.status.ListMigrationsCommand;
import dev.belay.status.VerifyState;
import dev.belay.status.VerifyStateCommand;
import dev.belay.verify.VerifyIntegrity;
import dev.belay.verify.VerifyIntegrityCommand;
import dev.belay.watch.WatchCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
  /** Set by hand, since an annotation would give it to every command. */
  private static final String[] FOOTER = {
    "",
    "Examples and options of a command: belay <command> --help",
    "",
    "Exit status, which says what state the database is in:",
    "  0      done, or every check passed",
    "  1      a defect of Belay",
    "  2      the command line or the configuration is wrong",
    "  10     the checks found something",
    "  11     refused by a safety rule before any change",
    "  12     a server, program, file, lock or permission is missing",
    "  13     a step failed; nothing was changed, or all was rolled back",
    "  20     a step failed after the change began: look at the database",
    "  128+n  ended by signal n; the next run puts right what was left",
    "From 2 to 19 the database is as it was.",
    "",
    "See it work on a throw-away server: belay demo"
  };

  private final Surroundings surroundings;
  private final Terminal terminal;
  private final RunId run = RunId.fresh();

  private App(Surroundings surroundings, Terminal terminal) {
    this.surroundings = surroundings;
    this.terminal = terminal;
  }

  /** The program as picocli runs it. */
  public static CommandLine commandLine(Surroundings surroundings, Terminal terminal) {
    return commandLine(surroundings, terminal, true);
  }

  private static CommandLine commandLine(
      Surroundings surroundings, Terminal terminal, boolean accompanied) {
    App app = new App(surroundings, terminal);
    CommandLine line = new CommandLine(app);
    app.addCommands(line);
    app.record(line);
    if (accompanied) {
      app.accompany(line);
    }
    Failures failures =
        new Failures(terminal, Colour.isWanted(terminal, surroundings.environment()));
    return line.setOut(terminal.out())
        .setErr(terminal.err())
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures)
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Every command is handed the audit trail; which of them write to it is decided there. */
  private void record(CommandLine parent) {
    for (CommandLine line : parent.getSubcommands().values()) {
      if (line.getCommand() instanceof ReportCommand command) {
        command.recordedBy(new AuditRecorder(run));
      }
      record(line);
    }
  }

  /** Hooks and health checks go along with what changes something; people are told of all. */
  private void accompany(CommandLine root) {
    List<ReportCommand> commands = reportCommands(root);
    List<String> changing =
        commands.stream().filter(ReportCommand::isRecorded).map(ReportCommand::name).toList();
    Supplier<Accompaniment> once = new Once(() -> accompaniment(changing));
    commands.forEach(command -> command.accompaniedBy(once));
  }

  private Accompaniment accompaniment(List<String> changing) {
    Notifier notifier = new Notifier();
    OperationKeeper keeper = new OperationKeeper();
    return new Accompaniment(
        List.of(
            keeper,
            new Alongside(surroundings, changing, new JdbcDatabases("belay:" + run)),
            notifier),
        Announcer.all(List.of(keeper, notifier)));
  }

  /** Makes it for the first command that is run; help and version must not pay for it. */
  private static final class Once implements Supplier<Accompaniment> {
    private final Supplier<Accompaniment> maker;
    private @Nullable Accompaniment made;

    Once(Supplier<Accompaniment> maker) {
      this.maker = maker;
    }

    @Override
    public synchronized Accompaniment get() {
      Accompaniment there = made;
      if (there == null) {
        there = maker.get();
        made = there;
      }
      return there;
    }
  }

  private static List<ReportCommand> reportCommands(CommandLine parent) {
    List<ReportCommand> commands = new ArrayList<>();
    for (CommandLine line : parent.getSubcommands().values()) {
      if (line.getCommand() instanceof ReportCommand command) {
        commands.add(command);
      }
      commands.addAll(reportCommands(line));
    }
    return commands;
  }

  /** In the order in which an operator needs them: the help lists them so. */
  private void addCommands(CommandLine line) {
    Databases databases = new JdbcDatabases("belay:" + run);
    line.addSubcommand(new CreateBackupCommand(surroundings, terminal, Version.number()));
    line.addSubcommand(new ListBackupsCommand(surroundings, terminal));
    line.addSubcommand(new ValidateBackupCommand(surroundings, terminal));
    line.addSubcommand(new CleanupBackupsCommand(surroundings, terminal));
    line.addSubcommand(new BackupRestoreCommand(surroundings, terminal));
    line.addSubcommand(new EmergencyRollbackCommand(surroundings, terminal));
    line.addSubcommand(new EmergencyRecoveryCommand(surroundings, terminal, Version.number()));
    line.addSubcommand(new ListReplacedCommand(surroundings, terminal));
    line.addSubcommand(new UndoRestoreCommand(surroundings, terminal));
    line.addSubcommand(new DiscardReplacedCommand(surroundings, terminal));
    line.addSubcommand(new GradualRollbackCommand(surroundings, terminal, Version.number()));
    line.addSubcommand(BatchCommand.of(surroundings, terminal));
    line.addSubcommand(new ReconcileCommand(surroundings, terminal));
    line.addSubcommand(
        new ExportDataCommand(surroundings, terminal, new ExportData(databases, Version.number())));
    line.addSubcommand(new ImportDataCommand(surroundings, terminal));
    addPoints(line);
    line.addSubcommand(
        new ListMigrationsCommand(surroundings, terminal, new ListMigrations(databases)));
    line.addSubcommand(
        new CheckMigrationsCommand(surroundings, terminal, new CheckMigrations(databases)));
    line.addSubcommand(
        new CheckDependenciesCommand(surroundings, terminal, new CheckDependencies(databases)));
    line.addSubcommand(new StoreUndoCommand(surroundings, terminal, Version.number()));
    line.addSubcommand(
        new ValidateSchemaCommand(
            surroundings, terminal, new ValidateSchema(databases, new ReplayedSchema())));
    line.addSubcommand(new MigrateCommand(surroundings, terminal, Version.number()));
    line.addSubcommand(new GuardCommand(surroundings, terminal, Version.number()));
    line.addSubcommand(new CreateTriggerCommand(surroundings, terminal));
    line.addSubcommand(new RollbackMigrationCommand(surroundings, terminal, Version.number()));
    line.addSubcommand(new RehearseCommand(surroundings, terminal, databases));
    line.addSubcommand(new DrillCommand(surroundings, terminal, databases));
    line.addSubcommand(new ResolveConflictsCommand(surroundings, terminal));
    line.addSubcommand(new VerifyStateCommand(surroundings, terminal, new VerifyState(databases)));
    line.addSubcommand(new ReadinessCommand(surroundings, terminal, databases));
    line.addSubcommand(
        new VerifyIntegrityCommand(surroundings, terminal, new VerifyIntegrity(databases)));
    line.addSubcommand(new SendNotificationCommand(surroundings, terminal));
    line.addSubcommand(new WatchCommand(surroundings, terminal, Version.number()));
    line.addSubcommand(new AuditCommand(surroundings, terminal));
    line.addSubcommand(new OperationReportCommand(surroundings, terminal));
    line.addSubcommand(
        new IncidentBundleCommand(
            surroundings,
            terminal,
            (where, streams, arguments) ->
                commandLine(where, streams, false).execute(arguments.toArray(String[]::new)),
            Version.number()));
    line.addSubcommand(new ConfigCommand(surroundings, terminal));
    line.addSubcommand(
        new DemoCommand(
            surroundings,
            terminal,
            (where, streams, arguments) ->
                commandLine(where, streams).execute(arguments.toArray(String[]::new))));
    line.addSubcommand("help", new HelpCommand());
    line.addSubcommand("generate-completion", new picocli.AutoComplete.GenerateCompletion());
    line.getCommandSpec().usageMessage().footer(FOOTER);
  }

  private void addPoints(CommandLine line) {
    CommandLine points = new CommandLine(new RollbackPointCommand());
    points.addSubcommand(new CreatePointCommand(surroundings, terminal, Version.number()));
    points.addSubcommand(new ListPointsCommand(surroundings, terminal));
    points.addSubcommand(new ShowPointCommand(surroundings, terminal));
    points.addSubcommand(new ExecutePointCommand(surroundings, terminal, Version.number()));
    points.addSubcommand(new CleanupPointsCommand(surroundings, terminal));
    line.addSubcommand(points);
  }
}
