package dev.belay.status;

import dev.belay.flyway.AppState;
import dev.belay.flyway.IgnoredStates;
import dev.belay.flyway.ScriptProblem;
import java.util.List;
import java.util.function.Predicate;

/** What the scripts of all apps lack, held against the histories, and what is wrong with them. */
final class ScriptAnswers {
  static final String MISSING = "missing-scripts";
  static final String NEWER = "newer-than-scripts";
  static final String SCRIPTS = "scripts-on-disk";

  private final AppStates apps;

  ScriptAnswers(AppStates apps) {
    this.apps = apps;
  }

  CheckResult missing() {
    List<String> unseen =
        apps.each(
            state ->
                state.knowsAllScripts() || state.history().rows().isEmpty()
                    ? List.of()
                    : List.of(whyUnseen(state)));
    List<String> names =
        apps.each(
            state -> {
              IgnoredStates ignored =
                  IgnoredStates.of(state.app().flyway().get("ignoreMigrationPatterns"));
              return state.knowsAllScripts()
                  ? AppStates.names(
                      state,
                      migration -> migration.state().isMissing() && !ignored.cover(migration))
                  : List.of();
            });
    if (names.isEmpty() && !unseen.isEmpty()) {
      return CheckResult.notChecked(
          MISSING, String.join("; ", unseen), "name the folders of all scripts in belay.yaml");
    }
    return apps.judged(
        MISSING,
        "applied, but there is no script",
        names,
        "bring the scripts back; do not run flyway repair, which forgets what was applied");
  }

  private static String whyUnseen(AppState state) {
    return state.scripts().problems().stream()
        .filter(problem -> problem.kind() == ScriptProblem.Kind.LOCATION)
        .findFirst()
        .map(problem -> problem.where() + ": " + problem.message())
        .orElse("no location of scripts is configured");
  }

  CheckResult newer() {
    List<String> names =
        apps.each(
            state ->
                state.knowsAllScripts()
                    ? AppStates.names(state, migration -> migration.state().isFuture())
                    : List.of());
    return names.isEmpty()
        ? apps.passed(NEWER, "none")
        : CheckResult.warning(
            NEWER,
            "the database is ahead of the scripts here",
            names,
            "check out the version that the database has");
  }

  CheckResult scripts() {
    List<String> stops =
        problems(
            kind -> kind == ScriptProblem.Kind.DUPLICATE || kind == ScriptProblem.Kind.UNREADABLE);
    List<String> odd =
        problems(kind -> kind == ScriptProblem.Kind.NAME || kind == ScriptProblem.Kind.LOCATION);
    if (!stops.isEmpty()) {
      return CheckResult.failed(
          SCRIPTS,
          "duplicate or unreadable",
          stops,
          "leave one script for each version, readable and in the encoding that is configured");
    }
    return odd.isEmpty()
        ? apps.passed(SCRIPTS, "readable, each version once")
        : CheckResult.warning(
            SCRIPTS,
            "some are not seen",
            odd,
            "mend what is named above, or the locations of the app: belay config");
  }

  private List<String> problems(Predicate<ScriptProblem.Kind> kinds) {
    return apps.each(
        state ->
            state.scripts().problems().stream()
                .filter(problem -> kinds.test(problem.kind()))
                .map(problem -> problem.where() + ": " + problem.message())
                .toList());
  }
}
