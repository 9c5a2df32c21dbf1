package dev.belay.status;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.flyway.FlywayLock;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The migrations of all apps: history against scripts, and whether one is running now. */
final class MigrationCheck implements StateCheck {
  private static final String RUNNING = "running-migration";
  private static final String CONFLICTS = "conflicts";

  @Override
  public List<String> names() {
    return List.of(
        HistoryAnswers.HISTORY,
        HistoryAnswers.READABLE,
        HistoryAnswers.PENDING,
        HistoryAnswers.FAILED,
        HistoryAnswers.CHANGED,
        ScriptAnswers.MISSING,
        ScriptAnswers.NEWER,
        HistoryAnswers.ORDER,
        HistoryAnswers.TAKEN_BACK,
        ScriptAnswers.SCRIPTS,
        RUNNING,
        CONFLICTS);
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    List<AppSettings> configured = context.settings().apps();
    if (configured.isEmpty()) {
      throw Failure.unavailable(
          "no app is configured", "name the folder of migrations in belay.yaml");
    }
    AppStates apps = AppStates.read(context.database(), configured);
    HistoryAnswers history = new HistoryAnswers(apps);
    ScriptAnswers scripts = new ScriptAnswers(apps);
    return List.of(
        history.history(),
        history.readable(),
        history.pending(),
        history.failed(),
        history.changed(),
        scripts.missing(),
        scripts.newer(),
        history.order(),
        history.takenBack(),
        scripts.scripts(),
        running(context.database(), apps),
        conflicts(context.database(), apps));
  }

  private static CheckResult running(Database database, AppStates apps) {
    List<String> holders = new ArrayList<>();
    for (AppSettings app : apps.apps()) {
      FlywayLock.holder(database, app)
          .ifPresent(
              holder -> holders.add(apps.prefix(app) + "Flyway's lock is held by " + holder));
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
  private static CheckResult conflicts(Database database, AppStates apps) {
    OtherConflicts others = OtherConflicts.of(database, apps.states(), unread(apps));
    if (!others.serious().isEmpty()) {
      return CheckResult.failed(
          CONFLICTS,
          "history, scripts and declared dependencies disagree",
          each(apps, others.serious()),
          "belay resolve-conflicts --dry-run");
    }
    return others.notices().isEmpty()
        ? apps.passed(CONFLICTS, "none but those above")
        : CheckResult.warning(
            CONFLICTS,
            "notices",
            each(apps, others.notices()),
            "nothing, if that was meant: belay resolve-conflicts --dry-run");
  }

  private static Set<String> unread(AppStates apps) {
    Set<String> names = apps.apps().stream().map(AppSettings::name).collect(Collectors.toSet());
    apps.states().forEach(state -> names.remove(state.app().name()));
    return names;
  }

  private static List<String> each(AppStates apps, List<OtherConflicts.Of> conflicts) {
    return conflicts.stream()
        .map(each -> apps.prefix(each.app()) + each.conflict().what())
        .toList();
  }
}
