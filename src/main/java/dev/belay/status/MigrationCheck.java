package dev.belay.status;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.FlywayLock;
import dev.belay.flyway.IgnoredStates;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import dev.belay.flyway.ScriptProblem;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The migrations of all apps: history against scripts, and whether one is running now. */
final class MigrationCheck implements StateCheck {
  private static final String HISTORY = "history-table";
  private static final String READABLE = "history-readable";
  private static final String PENDING = "pending-migrations";
  private static final String FAILED = "failed-migrations";
  private static final String CHANGED = "changed-migrations";
  private static final String MISSING = "missing-scripts";
  private static final String NEWER = "newer-than-scripts";
  private static final String ORDER = "out-of-order";
  private static final String TAKEN_BACK = "taken-back";
  private static final String SCRIPTS = "scripts-on-disk";
  private static final String RUNNING = "running-migration";
  private static final String CONFLICTS = "conflicts";

  @Override
  public List<String> names() {
    return List.of(
        HISTORY,
        READABLE,
        PENDING,
        FAILED,
        CHANGED,
        MISSING,
        NEWER,
        ORDER,
        TAKEN_BACK,
        SCRIPTS,
        RUNNING,
        CONFLICTS);
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    Database database = context.database();
    List<AppSettings> apps = context.settings().apps();
    if (apps.isEmpty()) {
      throw Failure.unavailable(
          "no app is configured", "name the folder of migrations in belay.yaml");
    }
    List<AppState> states = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    for (AppSettings app : apps) {
      try {
        states.add(AppState.read(database, app));
      } catch (Failure failure) {
        unread.add(app.name() + ": " + failure.message());
      }
    }
    return new Answers(database, apps, states, unread).all();
  }

  /** The answers for one run. */
  private record Answers(
      Database database, List<AppSettings> apps, List<AppState> states, List<String> unread) {
    List<CheckResult> all() {
      return List.of(
          history(),
          readable(),
          pending(),
          failed(),
          changed(),
          missing(),
          newer(),
          order(),
          takenBack(),
          scripts(),
          running(),
          conflicts());
    }

    private CheckResult history() {
      List<String> absent =
          each(
              state ->
                  state.history().present()
                      ? List.of()
                      : List.of(
                          "there is no table %s.%s: nothing was ever migrated"
                              .formatted(state.history().schema(), state.history().table())));
      List<String> at =
          each(
              state ->
                  List.of(
                      state.history().currentVersion() == null
                          ? "without a version"
                          : "at version " + state.history().currentVersion()));
      return absent.isEmpty()
          ? passed(HISTORY, String.join(", ", at))
          : CheckResult.warning(
              HISTORY,
              "missing",
              absent,
              "migrate, or name the right table in the settings of the app");
    }

    private CheckResult readable() {
      List<String> rows = each(AppState::unreadableRows);
      return judged(
          READABLE,
          "rows that Flyway OSS cannot read: no application with it starts",
          rows,
          "update these rows, after a backup, to what Flyway knows");
    }

    private CheckResult pending() {
      List<String> names = named(has(MigrationState.PENDING));
      return names.isEmpty()
          ? passed(PENDING, "none")
          : CheckResult.warning(
              PENDING, names.size() + " pending", names, "belay list-migrations, then migrate");
    }

    private CheckResult failed() {
      return judged(
          FAILED,
          "failed on the way",
          named(migration -> migration.state().isFailed()),
          "belay emergency-recovery, or undo by hand what it left, then belay resolve-conflicts");
    }

    private CheckResult changed() {
      List<String> findings =
          each(
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
      return judged(
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

    private CheckResult missing() {
      List<String> unseen =
          each(
              state ->
                  state.knowsAllScripts() || state.history().rows().isEmpty()
                      ? List.of()
                      : List.of(whyUnseen(state)));
      List<String> names =
          each(
              state -> {
                IgnoredStates ignored =
                    IgnoredStates.of(state.app().flyway().get("ignoreMigrationPatterns"));
                return state.knowsAllScripts()
                    ? names(
                        state,
                        migration -> migration.state().isMissing() && !ignored.cover(migration))
                    : List.of();
              });
      if (names.isEmpty() && !unseen.isEmpty()) {
        return CheckResult.notChecked(
            MISSING, String.join("; ", unseen), "name the folders of all scripts in belay.yaml");
      }
      return judged(
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

    private CheckResult newer() {
      List<String> names =
          each(
              state ->
                  state.knowsAllScripts()
                      ? names(state, migration -> migration.state().isFuture())
                      : List.of());
      return names.isEmpty()
          ? passed(NEWER, "none")
          : CheckResult.warning(
              NEWER,
              "the database is ahead of the scripts here",
              names,
              "check out the version that the database has");
    }

    private CheckResult order() {
      List<String> skipped =
          each(
              state -> {
                IgnoredStates ignored =
                    IgnoredStates.of(state.app().flyway().get("ignoreMigrationPatterns"));
                return names(
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
      List<String> late = named(has(MigrationState.OUT_OF_ORDER));
      return late.isEmpty()
          ? passed(ORDER, "none")
          : CheckResult.warning(
              ORDER,
              late.size() + " applied after a newer one",
              late,
              "nothing, if that was meant");
    }

    private CheckResult takenBack() {
      List<String> held = named(has(MigrationState.HELD));
      return held.isEmpty()
          ? passed(TAKEN_BACK, "none held")
          : CheckResult.warning(
              TAKEN_BACK,
              held.size() + " undone and held: no start applies them again",
              held,
              "belay list-migrations");
    }

    private CheckResult scripts() {
      List<String> stops =
          problems(
              kind ->
                  kind == ScriptProblem.Kind.DUPLICATE || kind == ScriptProblem.Kind.UNREADABLE);
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
          ? passed(SCRIPTS, "readable, each version once")
          : CheckResult.warning(
              SCRIPTS,
              "some are not seen",
              odd,
              "mend what is named above, or the locations of the app: belay config");
    }

    private CheckResult running() {
      List<String> holders = new ArrayList<>();
      for (AppSettings app : apps) {
        FlywayLock.holder(database, app)
            .ifPresent(holder -> holders.add(prefix(app) + "Flyway's lock is held by " + holder));
      }
      return holders.isEmpty()
          ? CheckResult.passed(RUNNING, "none")
          : CheckResult.warning(
              RUNNING,
              "a migration is in progress",
              holders,
              "wait until it is done, then run verify-state again");
    }

    /** Only what none of the others tells. */
    private CheckResult conflicts() {
      OtherConflicts others = OtherConflicts.of(database, states, unreadApps());
      if (!others.serious().isEmpty()) {
        return CheckResult.failed(
            CONFLICTS,
            "history, scripts and declared dependencies disagree",
            each(others.serious()),
            "belay resolve-conflicts --dry-run");
      }
      return others.notices().isEmpty()
          ? passed(CONFLICTS, "none but those above")
          : CheckResult.warning(
              CONFLICTS,
              "notices",
              each(others.notices()),
              "nothing, if that was meant: belay resolve-conflicts --dry-run");
    }

    private Set<String> unreadApps() {
      Set<String> names = apps.stream().map(AppSettings::name).collect(Collectors.toSet());
      states.forEach(state -> names.remove(state.app().name()));
      return names;
    }

    private List<String> each(List<OtherConflicts.Of> conflicts) {
      return conflicts.stream().map(each -> prefix(each.app()) + each.conflict().what()).toList();
    }

    private List<String> problems(Predicate<ScriptProblem.Kind> kinds) {
      return each(
          state ->
              state.scripts().problems().stream()
                  .filter(problem -> kinds.test(problem.kind()))
                  .map(problem -> problem.where() + ": " + problem.message())
                  .toList());
    }

    private List<String> named(Predicate<Migration> wanted) {
      return each(state -> names(state, wanted));
    }

    private static Predicate<Migration> has(MigrationState wanted) {
      return migration -> migration.state() == wanted;
    }

    /** Rows that are about another one are not migrations. */
    private static List<String> names(AppState state, Predicate<Migration> wanted) {
      return state.migrations().stream()
          .filter(migration -> !migration.isRecord())
          .filter(wanted)
          .map(Migration::name)
          .toList();
    }

    private List<String> each(Function<AppState, List<String>> question) {
      List<String> all = new ArrayList<>();
      for (AppState state : states) {
        question.apply(state).forEach(answer -> all.add(prefix(state.app()) + answer));
      }
      return all;
    }

    private String prefix(AppSettings app) {
      return apps.size() == 1 ? "" : app.name() + ": ";
    }

    private CheckResult judged(String name, String summary, List<String> findings, String fix) {
      return findings.isEmpty()
          ? passed(name, "none")
          : CheckResult.failed(name, summary, findings, fix);
    }

    /** Passed only when the history of every app could be read. */
    private CheckResult passed(String name, String summary) {
      return unread.isEmpty()
          ? CheckResult.passed(name, summary)
          : CheckResult.notChecked(
              name, String.join("; ", unread), "grant select on the history table");
    }
  }
}
