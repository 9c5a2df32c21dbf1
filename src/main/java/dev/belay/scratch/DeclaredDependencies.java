package dev.belay.scratch;

import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.Requirement;
import dev.belay.flyway.Requirements;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Declared dependencies of one app in the form of those that are recorded. */
public final class DeclaredDependencies {
  private DeclaredDependencies() {}

  /** Those between scripts of the app; what is declared of another app is no part of a replay. */
  public static List<Dependency> of(Requirements requirements, String app) {
    List<Dependency> declared = new ArrayList<>();
    for (Requirement each : requirements.all()) {
      MigrationScript from = each.from().migration().script();
      MigrationScript to = each.to().migration().script();
      boolean own = each.from().app().equals(app) && each.to().app().equals(app);
      if (own && from != null && to != null) {
        declared.add(
            new Dependency(
                from.script(), to.script(), Dependency.Kind.DECLARED, each.where(), true));
      }
    }
    return declared;
  }

  /**
   * What the apps of a database declare.
   *
   * @param live a session with the live database
   * @throws Failure as {@link AppState#read}, for this app alone
   */
  public static Requirements read(Database live, Settings settings, AppSettings app) {
    List<AppState> states = new ArrayList<>();
    Set<String> unread = new LinkedHashSet<>();
    for (AppSettings each : settings.apps()) {
      try {
        states.add(AppState.read(live, each));
      } catch (Failure failure) {
        if (each.name().equals(app.name())) {
          throw failure;
        }
        unread.add(each.name());
      }
    }
    return Requirements.of(states, unread);
  }

  /**
   * A declaration that is wrong makes every verdict wrong.
   *
   * @throws Failure FINDINGS when there is one
   */
  public static void refuseWrong(Requirements declared, String app) {
    for (Requirements.Unknown unknown : declared.unknown()) {
      if (unknown.app().equals(app)) {
        throw Failure.findings(
            unknown.where() + ": " + unknown.migration() + " " + unknown.message(),
            "mend the declaration: belay resolve-conflicts " + app + " lists them all");
      }
    }
    for (List<Requirement> cycle : declared.cycles()) {
      String names =
          cycle.stream().map(each -> each.from().seenFrom(app)).collect(Collectors.joining(" -> "));
      String places = cycle.stream().map(Requirement::where).collect(Collectors.joining(", "));
      throw Failure.findings(
          "the declared dependencies go round: %s -> %s (%s)"
              .formatted(names, cycle.get(0).from().seenFrom(app), places),
          "take one of these lines away");
    }
  }
}
