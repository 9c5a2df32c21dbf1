package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scripts of an app on disk.
 *
 * @param migrations versioned, repeatable and baseline scripts, in the order of version, then of
 *     description; of two that are the same migration, the first
 * @param undos undo scripts, those of the undo locations first
 * @param problems what keeps scripts from being read as they are meant
 */
public record MigrationScripts(
    List<MigrationScript> migrations, List<MigrationScript> undos, List<ScriptProblem> problems) {
  public MigrationScripts {
    migrations = List.copyOf(migrations);
    undos = List.copyOf(undos);
    problems = List.copyOf(problems);
  }

  /**
   * Looks for the scripts of an app. Reaches no server.
   *
   * @param target the database that they migrate; its name and user are placeholders
   */
  public static MigrationScripts scan(AppSettings app, Target target) {
    return new ScriptScan(app, target).run();
  }

  /**
   * These and what lies in jars: Java migrations, and scripts of locations {@code classpath:}.
   *
   * @param found everything that Flyway finds with the jars
   */
  public MigrationScripts withJars(List<MigrationScript> found) {
    List<MigrationScript> all = new ArrayList<>(migrations);
    found.stream()
        .filter(script -> all.stream().noneMatch(own -> own.script().equals(script.script())))
        .forEach(all::add);
    all.sort(ScriptScan.ORDER);
    return new MigrationScripts(
        all,
        undos,
        problems.stream().filter(problem -> !problem.where().startsWith("classpath:")).toList());
  }

  /** Whether every location could be read, so that a script that is not here is not there. */
  public boolean complete() {
    return problems.stream().noneMatch(problem -> problem.kind() == ScriptProblem.Kind.LOCATION);
  }

  /** The undo script for a version. */
  public Optional<MigrationScript> undo(@Nullable MigrationVersion version) {
    return undos.stream()
        .filter(undo -> version != null && version.equals(undo.version()))
        .findFirst();
  }
}
