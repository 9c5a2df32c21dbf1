package dev.belay.flyway;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The conflicts among declared dependencies. */
final class RequirementConflicts {
  private static final NextStart.Outcome UNSEEN =
      NextStart.unsafe(
          "Flyway knows nothing of declared dependencies: an application with these scripts starts, in the order of versions");

  private final String app;
  private final Requirements requirements;

  /**
   * @param app told are those that stand in this app
   */
  RequirementConflicts(String app, Requirements requirements) {
    this.app = app;
    this.requirements = requirements;
  }

  List<Conflict> all() {
    List<Conflict> conflicts = new ArrayList<>();
    Set<Requirement> circular = new HashSet<>();
    for (List<Requirement> cycle : requirements.cycles()) {
      circular.addAll(cycle);
      if (cycle.stream().anyMatch(each -> each.from().app().equals(app))) {
        conflicts.add(cycle(cycle));
      }
    }
    for (Requirements.Unknown unknown : requirements.unknown()) {
      if (unknown.app().equals(app)) {
        conflicts.add(
            new Conflict(
                ConflictKind.REQUIREMENT_UNKNOWN,
                UNSEEN,
                List.of(unknown.migration()),
                List.of(unknown.where()),
                "%s: %s".formatted(unknown.migration(), unknown.message()),
                "the name is misspelt, or that migration was removed or renamed"));
      }
    }
    for (Requirement each : requirements.all()) {
      if (each.from().app().equals(app) && !circular.contains(each)) {
        judge(each, conflicts);
      }
    }
    return conflicts;
  }

  private Conflict cycle(List<Requirement> cycle) {
    String circle =
        cycle.stream().map(each -> each.from().seenFrom(app)).collect(Collectors.joining(" -> "))
            + " -> "
            + cycle.get(0).from().seenFrom(app);
    return new Conflict(
        ConflictKind.REQUIREMENT_CYCLE,
        UNSEEN,
        cycle.stream().map(each -> each.from().seenFrom(app)).toList(),
        cycle.stream().map(Requirement::where).distinct().toList(),
        "declared dependencies go round in a circle: " + circle,
        "each of them asks for the next to be applied before it, which no order can give");
  }

  private void judge(Requirement each, List<Conflict> conflicts) {
    String from = each.from().label();
    String to = each.to().seenFrom(app);
    if (each.isBackwards()) {
      conflicts.add(
          new Conflict(
              ConflictKind.REQUIREMENT_LATER,
              UNSEEN,
              List.of(from, to),
              List.of(each.where()),
              "%s needs %s, which comes after it".formatted(from, to),
              "Flyway applies versions in their order, and repeatable migrations after all of them: on a new database %s can never be there first"
                  .formatted(to)));
      return;
    }
    MigrationState own = each.from().migration().state();
    MigrationState needed = each.to().migration().state();
    boolean wanted = own.isInForce() || own == MigrationState.PENDING;
    if (wanted && !isMet(each, own, needed)) {
      conflicts.add(
          new Conflict(
              ConflictKind.REQUIREMENT_NOT_MET,
              UNSEEN,
              List.of(from, to),
              List.of(each.where()),
              "%s (%s) needs %s, which is not applied (%s)"
                  .formatted(from, own.word(), to, needed.word()),
              own.isInForce()
                  ? "%s was taken back, or was never applied, while %s is in force"
                      .formatted(to, from)
                  : "no start applies %s, and the next one applies %s".formatted(to, from)));
    }
  }

  /** What is pending is applied before, unless it belongs to an app that starts by itself. */
  private static boolean isMet(Requirement each, MigrationState own, MigrationState needed) {
    if (needed.isInForce()
        || needed == MigrationState.BELOW_BASELINE
        || needed == MigrationState.BASELINE_IGNORED) {
      return true;
    }
    return own == MigrationState.PENDING
        && needed == MigrationState.PENDING
        && each.from().app().equals(each.to().app());
  }
}
