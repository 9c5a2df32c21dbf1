package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.postgres.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that there is to know of the migrations of one app.
 *
 * @param migrations as {@link MigrationStates} orders them
 */
public record AppState(
    AppSettings app,
    MigrationHistory history,
    MigrationScripts scripts,
    List<Migration> migrations) {
  public AppState {
    migrations = List.copyOf(migrations);
  }

  /**
   * Reads the history and scans the disk.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the history may not be read
   */
  public static AppState read(Database database, AppSettings app) {
    MigrationHistory history = HistoryQueries.read(database, app);
    MigrationScripts scripts = MigrationScripts.scan(app, database.target());
    return new AppState(app, history, scripts, MigrationStates.of(database, app, history, scripts));
  }

  /**
   * The same with what lies in jars.
   *
   * @param inJars everything that Flyway finds with the jars
   */
  public AppState withJars(Database database, List<MigrationScript> inJars) {
    MigrationScripts all = scripts.withJars(inJars);
    return new AppState(app, history, all, MigrationStates.of(database, app, history, all));
  }

  /** Whether every script was seen, so that one that is not here does not exist. */
  public boolean knowsAllScripts() {
    return !app.locations().isEmpty() && scripts.complete();
  }

  /**
   * Whether several scripts say that they are this migration, so that nobody can tell which of them
   * was applied.
   */
  public boolean hasSeveralScripts(Migration migration) {
    FlywayNaming naming = FlywayNaming.of(app.flyway());
    return scripts.problems().stream()
        .filter(problem -> problem.kind() == ScriptProblem.Kind.DUPLICATE)
        .flatMap(
            problem ->
                naming.migration(String.valueOf(Path.of(problem.where()).getFileName())).stream())
        .anyMatch(
            name ->
                name.version() == null
                    ? migration.version() == null
                        && name.description().equals(migration.description())
                    : name.version().equals(migration.version()));
  }

  /**
   * Whether Flyway's table tells how a migration ended that was begun: it is in force or recorded
   * as failed, or has come there since, whatever became of it later.
   *
   * @param script as Flyway calls it; it need not be here any more
   * @param after the highest rank before it was begun; empty: not known
   */
  public boolean tellsOf(String script, OptionalInt after) {
    String file = file(script);
    // A class is named as a script is, but for its package.
    MigrationVersion version =
        named(file)
            .or(() -> named(file.substring(file.lastIndexOf('.') + 1)))
            .map(ScriptName::version)
            .orElse(null);
    Set<AppliedMigration> inForce = Set.copyOf(history.inForce());
    return history.rows().stream()
        .filter(row -> !row.isRecord())
        .filter(row -> file(row.script()).equals(file) || isOf(row, version))
        .anyMatch(
            row ->
                (after.isPresent() && row.installedRank() > after.getAsInt())
                    // A repeatable one has the row of its last run, too.
                    || ((row.version() != null || after.isEmpty())
                        && (!row.success() || inForce.contains(row))));
  }

  private static boolean isOf(AppliedMigration row, @Nullable MigrationVersion version) {
    return version != null && version.equals(row.number());
  }

  /** What a migration is called whose script need not be here any more. */
  public String nameOf(String script) {
    String file = file(script);
    int dot = file.lastIndexOf('.');
    return dot > 0 && named(file).isPresent() ? file.substring(0, dot) : file;
  }

  private Optional<ScriptName> named(String file) {
    return FlywayNaming.of(app.flyway()).migration(file);
  }

  private static String file(String script) {
    return script.substring(script.lastIndexOf('/') + 1);
  }

  /** Rows that stop every command of Flyway OSS, with the reason; empty: it can read them all. */
  public List<String> unreadableRows() {
    List<String> reasons = new ArrayList<>();
    for (AppliedMigration row : history.rows()) {
      if (!row.isReadableByFlyway()) {
        reasons.add("row %d is of type %s".formatted(row.installedRank(), row.type()));
      }
      MigrationVersion version = row.number();
      if (version != null && !version.isValid()) {
        reasons.add("row %d has the version '%s'".formatted(row.installedRank(), version));
      }
    }
    for (AppliedMigration second : secondDeletes()) {
      reasons.add("version %s was deleted twice".formatted(second.version()));
    }
    return reasons;
  }

  /** Rows that delete what an earlier row had deleted already: the second is one too many. */
  public List<AppliedMigration> secondDeletes() {
    return HistoryRow.secondDeletes(history.rows());
  }

  /**
   * Versions of which more than one row says that they were applied and are in force; each with its
   * rows in the order of their ranks.
   */
  public List<List<AppliedMigration>> appliedTwice() {
    Map<MigrationVersion, List<AppliedMigration>> rows = new TreeMap<>();
    for (HistoryRow row : HistoryRow.versioned(history.rows())) {
      if (row.version != null && row.isInForce() && !row.applied.isBaseline()) {
        rows.computeIfAbsent(row.version, ignored -> new ArrayList<>()).add(row.applied);
      }
    }
    return rows.values().stream().filter(each -> each.size() > 1).map(List::copyOf).toList();
  }
}
