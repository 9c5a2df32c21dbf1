package dev.belay.rehearse;

import dev.belay.archive.Manifest;
import dev.belay.config.AppSettings;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.MigrationScript;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The versions that are pending in the live database, by their scripts: a backup that has one in
 * force, since it was taken back meanwhile, can neither show what it does, nor what the live
 * database would be without its last one.
 */
record Wanted(Optional<AppSettings> app, Set<String> scripts) {
  /** Any backup will do. */
  static final Wanted NOTHING = new Wanted(Optional.empty(), Set.of());

  Wanted {
    scripts = Set.copyOf(scripts);
  }

  /**
   * What a rehearsal wants not to be there.
   *
   * @param live what the history of the live database says
   * @throws dev.belay.core.Failure USAGE when its target is no version
   */
  static Wanted of(AppState live, RehearseRequest request) {
    PendingChoice choice = new PendingChoice(request.target());
    return new Wanted(
        Optional.of(live.app()),
        Unrehearsed.pending(live).stream()
            // An earlier text of a repeatable one keeps nobody from applying the new one.
            .filter(script -> script.version() != null && choice.isWanted(script))
            .map(MigrationScript::script)
            .collect(Collectors.toSet()));
  }

  /** Those of them that a backup has in force, in their order. */
  List<String> in(Manifest backup) {
    return backup.migrations().stream()
        .filter(
            history ->
                app.filter(
                        each ->
                            each.historySchema().equals(history.schema())
                                && each.historyTable().equals(history.table()))
                    .isPresent())
        .flatMap(history -> history.inForce().stream())
        .map(AppliedMigration::script)
        .filter(scripts::contains)
        .toList();
  }
}
