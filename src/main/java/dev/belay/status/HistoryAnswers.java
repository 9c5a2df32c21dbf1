package dev.belay.status;

import dev.belay.flyway.AppState;
import dev.belay.flyway.IgnoredStates;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the histories of all apps say, held against the scripts. */
final class HistoryAnswers {
  static final String HISTORY = "history-table";
  static final String READABLE = "history-readable";
  static final String PENDING = "pending-migrations";
  static final String FAILED = "failed-migrations";
  static final String CHANGED = "changed-migrations";
  static final String ORDER = "out-of-order";
  static final String TAKEN_BACK = "taken-back";

  private final AppStates apps;

  HistoryAnswers(AppStates apps) {
    this.apps = apps;
  }

  CheckResult history() {
    List<String> absent =
        apps.each(
            state ->
                state.history().present()
                    ? List.of()
                    : List.of(
                        "there is no table %s.%s: nothing was ever migrated"
                            .formatted(state.history().schema(), state.history().table())));
    List<String> at =
        apps.each(
            state ->
                List.of(
                    state.history().currentVersion() == null
                        ? "without a version"
                        : "at version " + state.history().currentVersion()));
    return absent.isEmpty()
        ? apps.passed(HISTORY, String.join(", ", at))
        : CheckResult.warning(
            HISTORY,
            "missing",
            absent,
            "migrate, or name the right table in the settings of the app");
  }

  CheckResult readable() {
    List<String> rows = apps.each(AppState::unreadableRows);
    return apps.judged(
        READABLE,
        "rows that Flyway OSS cannot read: no application with it starts",
        rows,
        "update these rows, after a backup, to what Flyway knows");
  }

  CheckResult pending() {
    List<String> names = apps.named(AppStates.has(MigrationState.PENDING));
    return names.isEmpty()
        ? apps.passed(PENDING, "none")
        : CheckResult.warning(
            PENDING, names.size() + " pending", names, "belay list-migrations, then migrate");
  }

  CheckResult failed() {
    return apps.judged(
        FAILED,
        "failed on the way",
        apps.named(migration -> migration.state().isFailed()),
        "belay emergency-recovery, or undo by hand what it left, then belay resolve-conflicts");
  }

  CheckResult changed() {
    List<String> findings =
        apps.each(
            state -> {
              List<String> changed = new ArrayList<>();
              for (Migration migration : state.migrations()) {
                migration
                    .differences()
                    .forEach(
                        difference ->
                            changed.add(
                                migration.name()
                                    + ": the "
                                    + difference.name().toLowerCase(Locale.ROOT)
                                    + " is not as it was applied"));
                otherType(state, migration)
                    .forEach(
                        script ->
                            changed.add(
                                "%s: it was applied as %s, and is %s on disk (%s)"
                                    .formatted(
                                        migration.name(),
                                        migration.type(),
                                        script.type(),
                                        script.script())));
              }
              return changed;
            });
    return apps.judged(
        CHANGED,
        "applied migrations whose script was changed afterwards",
        findings,
        "bring the script back as it was applied: git log -p -- <script>");
  }

  /** Flyway sees two migrations where a version was applied as one type and is now another. */
  private static List<MigrationScript> otherType(AppState state, Migration migration) {
    boolean lost = migration.flywayState().isMissing() || migration.flywayState().isFuture();
    if (!lost || migration.version() == null || migration.isRecord()) {
      return List.of();
    }
    return state.scripts().migrations().stream()
        .filter(script -> migration.version().equals(script.version()))
        .filter(script -> !script.type().equals("SQL_BASELINE"))
        .toList();
  }

  CheckResult order() {
    List<String> skipped =
        apps.each(
            state -> {
              IgnoredStates ignored =
                  IgnoredStates.of(state.app().flyway().get("ignoreMigrationPatterns"));
              return AppStates.names(
                  state,
                  migration ->
                      migration.state() == MigrationState.IGNORED
                          && !migration.type().equals("SQL_BASELINE")
                          && !ignored.cover(migration));
            });
    if (!skipped.isEmpty()) {
      return CheckResult.failed(
          ORDER,
          "older than what was applied, and never applied: the next migrate refuses",
          skipped,
          "give them a higher version, or migrate once with outOfOrder=true");
    }
    List<String> late = apps.named(AppStates.has(MigrationState.OUT_OF_ORDER));
    return late.isEmpty()
        ? apps.passed(ORDER, "none")
        : CheckResult.warning(
            ORDER, late.size() + " applied after a newer one", late, "nothing, if that was meant");
  }

  CheckResult takenBack() {
    List<String> held = apps.named(AppStates.has(MigrationState.HELD));
    return held.isEmpty()
        ? apps.passed(TAKEN_BACK, "none held")
        : CheckResult.warning(
            TAKEN_BACK,
            held.size() + " undone and held: no start applies them again",
            held,
            "belay list-migrations");
  }
}
