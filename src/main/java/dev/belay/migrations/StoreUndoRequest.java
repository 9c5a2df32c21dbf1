package dev.belay.migrations;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which undo scripts are to be stored.
 *
 * @param app the app's name; empty: all apps
 * @param migrations as the operator names them; none: all that are in force
 * @param generate whether scripts are made for those that have none
 * @param replace whether a script that the ledger has otherwise is stored too
 * @param jars jars with Java migrations, for the replay
 * @param dryRun whether only the plan is shown
 */
public record StoreUndoRequest(
    Optional<String> app,
    List<String> migrations,
    boolean generate,
    boolean replace,
    List<Path> jars,
    boolean dryRun) {
  public StoreUndoRequest {
    migrations = List.copyOf(migrations);
    jars = List.copyOf(jars);
  }
}
