package dev.belay.migrations;

import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.Requirement;
import dev.belay.flyway.Requirements;
import dev.belay.scratch.Dependency;
import java.util.ArrayList;
import java.util.List;

/** Declared dependencies of one app in the form of those that are recorded. */
final class DeclaredDependencies {
  private DeclaredDependencies() {}

  /** Those between scripts of the app; what is declared of another app is no part of a replay. */
  static List<Dependency> of(Requirements requirements, String app) {
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
}
