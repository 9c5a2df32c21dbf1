package dev.belay.api;

import dev.belay.cli.Operation;
import dev.belay.cli.Plan;
import dev.belay.cli.Progress;
import dev.belay.cli.PsqlAddress;
import dev.belay.cli.Terminal;
import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.journal.AuditRecorder;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.journal.RunSessions;
import dev.belay.points.CreatePoint;
import dev.belay.points.ExecutePoint;
import dev.belay.points.ExecuteReport;
import dev.belay.points.PointRequest;
import dev.belay.points.PointTables;
import dev.belay.postgres.DataSourceDatabases;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.process.ShellWords;
import dev.belay.swap.GuardedRun;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/** The rest of Belay, as a migration's transaction needs it. */
final class Place {
  private static final String COMMAND = "migration-transaction";
  private static final String VERSION =
      Optional.ofNullable(Place.class.getPackage().getImplementationVersion()).orElse("api");

  private final GuardedRun run;
  private final Operation operation;
  private final WorkConnection.Source source;

  private Place(GuardedRun run, Operation operation, WorkConnection.Source source) {
    this.run = run;
    this.operation = operation;
    this.source = source;
  }

  static Place of(
      String url, String user, String password, Path folder, String name, Duration wait) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("user", user);
    settings.put("password", password);
    RunId run = RunId.fresh();
    return of(
        load(folder, url, settings),
        new JdbcDatabases(RunSessions.name(run)),
        run,
        name,
        wait,
        () -> DriverManager.getConnection(url, user, password));
  }

  static Place of(DataSource source, Path folder, String name, Duration wait) {
    DataSourceDatabases.Address address = DataSourceDatabases.address(source);
    RunId run = RunId.fresh();
    Settings first = load(folder, address.url(), Map.of("user", address.user()));
    // It knows one database only, so the operation lock is held there.
    Settings settings =
        load(
            folder,
            address.url(),
            Map.of(
                "user",
                address.user(),
                "maintenanceDatabase",
                first.target().database(),
                // A pool may be small, and each job would take a connection of it.
                "jobs",
                "1"));
    return of(
        settings,
        new DataSourceDatabases(source, RunSessions.name(run)),
        run,
        name,
        wait,
        source::getConnection);
  }

  private static Settings load(Path folder, String url, Map<String, String> settings) {
    Surroundings here = Surroundings.ofThisProcess();
    return Configuration.load(
        new Surroundings(here.environment(), folder.toAbsolutePath(), here.home(), here.osUser()),
        new Flags(Optional.of(url), Optional.empty(), settings));
  }

  private static Place of(
      Settings settings,
      Databases databases,
      RunId run,
      String name,
      Duration wait,
      WorkConnection.Source source) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Progress progress = new Progress(new Terminal(nowhere, nowhere, false, false, () -> null));
    return new Place(
        new GuardedRun(run, databases, settings, progress, COMMAND, wait),
        new Operation(Optional.of(new AuditRecorder(run)), settings, COMMAND, COMMAND + " " + name),
        source);
  }

  String sessionName() {
    return RunSessions.name(run.run());
  }

  WorkConnection.Source source() {
    return source;
  }

  Operation operation() {
    return operation;
  }

  OperationLock lock() {
    run.recover();
    return run.lock();
  }

  /** What is recorded as agreed to: the program that calls has done so. */
  void begin(String name, List<String> tables, int batchSize, double threshold) {
    operation.agreed(
        new Plan(
            "migration %s of %s".formatted(name, run.target()),
            List.of(
                "keep %s as a rollback point".formatted(String.join(", ", tables)),
                "transactions of %d records".formatted(batchSize),
                "bring everything back when more than %s of the records fail".formatted(threshold)),
            List.of(),
            run.live()));
  }

  Journal journal() {
    return run.journal();
  }

  /** Makes the rollback point, and gives its id. */
  String keep(String name, Optional<String> description, List<String> tables) {
    return new CreatePoint(run, VERSION)
        .run(
            new PointRequest(
                Optional.of(name),
                description,
                PointRequest.TRANSACTION,
                (List<TableName> live) -> PointTables.of(tables, live, run.settings().apps())))
        .id();
  }

  /** The command that brings them back, in the database of this migration and without secrets. */
  String wayBack(String point) {
    String url = PsqlAddress.connection(run.target());
    return ShellWords.join(List.of("belay", "rollback-point", "execute", point, "--url", url));
  }

  /** Brings the tables back; what was there instead is kept as another point. */
  ExecuteReport bringBack(String point, boolean triggers) {
    return new ExecutePoint(run, VERSION).bringBack(point, triggers);
  }
}
