package dev.belay.flyway;

import dev.belay.flyway.Requirement.Named;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the cycles among declared dependencies: for each migration on one, the shortest. */
final class RequirementCycles {
  private final Map<Named, List<Requirement>> needs = new LinkedHashMap<>();

  private RequirementCycles(List<Requirement> all) {
    for (Requirement each : all) {
      needs.computeIfAbsent(each.from(), ignored -> new ArrayList<>()).add(each);
    }
  }

  static List<List<Requirement>> in(List<Requirement> all) {
    RequirementCycles search = new RequirementCycles(all);
    List<List<Requirement>> cycles = new ArrayList<>();
    Set<Named> told = new HashSet<>();
    for (Named start : search.needs.keySet()) {
      if (!told.contains(start)) {
        List<Requirement> cycle = search.shortestFrom(start);
        if (!cycle.isEmpty()) {
          cycle.forEach(each -> told.add(each.from()));
          cycles.add(cycle);
        }
      }
    }
    return cycles;
  }

  /** The shortest way from a migration back to itself; empty: there is none. */
  private List<Requirement> shortestFrom(Named start) {
    Map<Named, Requirement> reachedBy = new LinkedHashMap<>();
    Deque<Named> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      for (Requirement next : needs.getOrDefault(open.remove(), List.of())) {
        if (reachedBy.putIfAbsent(next.to(), next) == null) {
          open.add(next.to());
        }
        if (next.to().equals(start)) {
          return back(reachedBy, next);
        }
      }
    }
    return List.of();
  }

  private static List<Requirement> back(Map<Named, Requirement> reachedBy, Requirement last) {
    List<Requirement> cycle = new ArrayList<>(List.of(last));
    while (!cycle.get(cycle.size() - 1).from().equals(last.to())) {
      Requirement before = reachedBy.get(cycle.get(cycle.size() - 1).from());
      if (before == null) {
        throw new IllegalStateException("a way that does not begin");
      }
      cycle.add(before);
    }
    Collections.reverse(cycle);
    return List.copyOf(cycle);
  }
}
