package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.PlainSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.core.internal.scanner.Scanner;

/**
 * The real Flyway, set up as an app has it, in a database of Belay's own making. What would stop it
 * there and says nothing of the migrations is set otherwise: it does not validate, and its lock
 * does not stand in the way of {@code CREATE INDEX CONCURRENTLY}.
 */
public final class FlywayEngine {
  /** Settings that say how scripts are found, read and run. */
  private static final List<String> KEPT =
      List.of(
          "sqlMigrationPrefix",
          "repeatableSqlMigrationPrefix",
          "baselineMigrationPrefix",
          "sqlMigrationSeparator",
          "sqlMigrationSuffixes",
          "encoding",
          "detectEncoding",
          "placeholderReplacement",
          "placeholderPrefix",
          "placeholderSuffix",
          "placeholderSeparator",
          "scriptPlaceholderPrefix",
          "scriptPlaceholderSuffix",
          "mixed",
          "executeInTransaction",
          "initSql",
          "installedBy",
          "tablespace",
          "validateMigrationNaming",
          "skipDefaultCallbacks",
          "callbackLocations");

  private final AppSettings app;
  private final Target target;
  private final String applicationName;
  private final List<String> createdSchemas;
  private final ClassLoader classes;

  /**
   * @param target the database to migrate
   * @param applicationName what its sessions are called on the server
   * @param createdSchemas the schemas that Flyway itself is to create
   * @param classes where Java migrations and locations {@code classpath:} are looked for
   */
  public FlywayEngine(
      AppSettings app,
      Target target,
      String applicationName,
      List<String> createdSchemas,
      ClassLoader classes) {
    this.app = app;
    this.target = target;
    this.applicationName = applicationName;
    this.createdSchemas = List.copyOf(createdSchemas);
    this.classes = classes;
  }

  /** The settings of Flyway that a replay heeds, with their values. */
  public static Map<String, String> kept(AppSettings app) {
    Map<String, String> kept = new HashMap<>(app.flyway());
    kept.keySet().retainAll(KEPT);
    return kept;
  }

  /** Which callbacks of the app are run. */
  public enum Callbacks {
    /** None. */
    NONE,
    /** Those that belong before something; what belongs after it may need all to be done. */
    BEFORE,
    /** All. */
    ALL
  }

  /**
   * What is to be run.
   *
   * @param scripts asked for the path of each migration from its location on, or the class name of
   *     a Java migration
   */
  public record Selection(Predicate<String> scripts, Callbacks callbacks) {
    /** Nothing: Flyway only makes its schemas and its history table. */
    public static Selection nothing() {
      return new Selection(script -> false, Callbacks.NONE);
    }

    private boolean runs(String callback) {
      return switch (callbacks) {
        case NONE -> false;
        case BEFORE -> SelectedScripts.isBefore(callback);
        case ALL -> true;
      };
    }
  }

  /**
   * Applies what is selected and was not applied before, in the order of versions.
   *
   * @throws Failure FAILED when a migration fails; says which statement of which file
   */
  public void migrate(Selection selection, List<Callback> callbacks) {
    FluentConfiguration configuration = configuration();
    Scanner<JavaMigration> scanner =
        new Scanner<>(JavaMigration.class, configuration, configuration.getLocations());
    configuration.resourceProvider(
        new SelectedScripts(scanner, selection.scripts(), selection::runs));
    configuration.javaMigrationClassProvider(
        () ->
            scanner.getClasses().stream()
                .filter(type -> selection.scripts().test(type.getName()))
                .toList());
    configuration.callbacks(callbacks.toArray(Callback[]::new));
    FlywayFailures.translated(target, app.placeholders(), () -> configuration.load().migrate());
  }

  /** Whether Flyway stopped because its own lock was gone when it wanted to let it go. */
  public static boolean lostItsLock(Failure failure) {
    return failure.message().contains("Unable to release PostgreSQL advisory lock");
  }

  /** The SQL callbacks in the folders of an app, by their path from their location on. */
  public static Map<String, Path> callbacks(AppSettings app) {
    Map<String, Path> found = new TreeMap<>();
    for (ScriptLocation location : ScriptLocation.of(app.locations(), ignored -> {})) {
      for (ScriptLocation.Found file : location.files(ignored -> {})) {
        if (SelectedScripts.isCallback(String.valueOf(file.file().getFileName()))) {
          found.put(file.script(), file.file());
        }
      }
    }
    return found;
  }

  /** Whether Flyway is to make that schema itself. */
  public boolean creates(String schema) {
    return createdSchemas.contains(schema);
  }

  /** What Flyway itself finds in all locations, jars included. */
  public List<MigrationScript> resolved() {
    return FlywayFailures.resolved(configuration().load());
  }

  private FluentConfiguration configuration() {
    FluentConfiguration configuration = Flyway.configure(classes);
    Map<String, String> settings = new HashMap<>();
    kept(app).forEach((name, value) -> settings.put("flyway." + name, value));
    settings.put("flyway.postgresql.transactional.lock", "false");
    Set<String> schemas = new LinkedHashSet<>(createdSchemas);
    schemas.add(app.historySchema());
    return configuration
        .configuration(settings)
        .dataSource(new PlainSource(target, applicationName))
        .schemas(schemas.toArray(String[]::new))
        .defaultSchema(app.historySchema())
        .createSchemas(!createdSchemas.isEmpty())
        .table(app.historyTable())
        .locations(app.locations().toArray(String[]::new))
        .placeholders(new HashMap<>(app.placeholders()))
        .failOnMissingLocations(false)
        .validateOnMigrate(false)
        .outOfOrder(true)
        .group(false)
        .loggers("slf4j");
  }

  /** The locations that only a class path can have. */
  public static List<String> classPathLocations(AppSettings app) {
    List<String> found = new ArrayList<>();
    for (String location : app.locations()) {
      if (location.startsWith("classpath:")) {
        found.add(location);
      }
    }
    return found;
  }
}
