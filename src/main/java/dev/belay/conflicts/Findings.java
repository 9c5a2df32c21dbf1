package dev.belay.conflicts;

import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Conflict;
import dev.belay.flyway.Conflicts;
import dev.belay.flyway.HistoryForm;
import dev.belay.flyway.Requirements;
import dev.belay.flyway.ScriptProblem;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What there is in the histories of some apps, and what of it can be resolved. Reads only. */
final class Findings {
  private final List<AppConflicts> apps = new ArrayList<>();
  private final Map<String, HistoryForm> forms = new HashMap<>();

  private Findings() {}

  /**
   * Looks. Not for use within a transaction, which a history that may not be read would break.
   *
   * @param selected the apps that are told of; the others are read for what is declared about them
   */
  static Findings read(
      Database session, Settings settings, List<AppSettings> selected, Chosen chosen) {
    Map<String, AppState> states = new LinkedHashMap<>();
    Map<String, String> unread = new LinkedHashMap<>();
    for (AppSettings app : settings.apps()) {
      try {
        states.put(app.name(), AppState.read(session, app));
      } catch (Failure failure) {
        unread.put(app.name(), failure.message());
      }
    }
    Requirements requirements = Requirements.of(List.copyOf(states.values()), unread.keySet());
    Findings findings = new Findings();
    for (AppSettings app : selected) {
      AppState state = states.get(app.name());
      findings.apps.add(
          state == null
              ? unread(app, String.valueOf(unread.get(app.name())))
              : findings.look(session, state, requirements, chosen));
    }
    return findings;
  }

  /**
   * The changes that these apps need now, read anew.
   *
   * @throws Failure UNAVAILABLE when one of their histories cannot be read
   */
  static List<RowChange> changes(Database session, List<AppSettings> apps, Chosen chosen) {
    return apps.stream()
        .flatMap(app -> Resolutions.of(AppState.read(session, app), chosen).stream())
        .toList();
  }

  private AppConflicts look(
      Database session, AppState state, Requirements requirements, Chosen chosen) {
    HistoryForm form = HistoryForm.read(session, state.app());
    forms.put(state.app().name(), form);
    List<Conflict> conflicts = Conflicts.of(state, requirements, form);
    boolean blind = !state.knowsAllScripts() && !state.history().rows().isEmpty();
    return new AppConflicts(
        state.app().name(),
        HistoryLocks.table(state.app()).plain(),
        conflicts,
        Resolutions.of(state, chosen),
        blind ? List.of("whether scripts are missing: " + whyBlind(state)) : List.of(),
        null);
  }

  private static AppConflicts unread(AppSettings app, String why) {
    return new AppConflicts(
        app.name(), HistoryLocks.table(app).plain(), List.of(), List.of(), List.of(why), null);
  }

  private static String whyBlind(AppState state) {
    return state.scripts().problems().stream()
        .filter(problem -> problem.kind() == ScriptProblem.Kind.LOCATION)
        .findFirst()
        .map(problem -> problem.where() + ": " + problem.message())
        .orElse("no location of scripts is configured");
  }

  List<AppConflicts> apps() {
    return List.copyOf(apps);
  }

  /** Every change that can be made, by app. */
  List<RowChange> changes() {
    return apps.stream().flatMap(app -> app.resolvable().stream()).toList();
  }

  /**
   * Refuses when a history that is to be changed cannot be locked as a table can.
   *
   * @throws Failure REFUSED
   */
  void refuseWhatIsNoTable() {
    for (AppConflicts app : apps) {
      HistoryForm form = forms.get(app.app());
      if (!app.resolvable().isEmpty() && form != null && !form.isTable()) {
        throw Failure.refused(
            "the history %s cannot be changed: %s"
                .formatted(app.history(), String.join(", ", form.oddities())),
            "change what lies behind it by hand, or name the table itself in apps.%s.historyTable"
                .formatted(app.app()));
      }
    }
  }
}
