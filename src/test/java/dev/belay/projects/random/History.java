package dev.belay.projects.random;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Migrations and what they do one after the other, in the model. */
final class History {
  /** A migration: its id and its statements, which are one transaction. */
  record Migration(String id, List<Step> steps) {
    boolean needsNoTransaction() {
      return steps.stream().anyMatch(Step::needsNoTransaction);
    }
  }

  private World world = new World();
  private final List<Migration> applied = new ArrayList<>();

  /** What each of them does after the others; those that fail do nothing, and are null. */
  static Map<String, @Nullable List<String>> outcomes(Collection<Migration> migrations) {
    History history = new History();
    Map<String, @Nullable List<String>> outcomes = new TreeMap<>();
    migrations.forEach(migration -> outcomes.put(migration.id(), history.apply(migration)));
    return outcomes;
  }

  World world() {
    return world;
  }

  /** What it did; null when it failed, and the world is as before. */
  @Nullable List<String> apply(Migration migration) {
    List<String> effect = new ArrayList<>();
    try {
      for (Step step : migration.steps()) {
        step.run(world, effect);
      }
      applied.add(migration);
      return effect;
    } catch (World.Impossible failed) {
      again();
      return null;
    }
  }

  /** A failed migration may have come halfway: what was before it is done again from nothing. */
  private void again() {
    world = new World();
    for (Migration migration : applied) {
      try {
        for (Step step : migration.steps()) {
          step.run(world, new ArrayList<>());
        }
      } catch (World.Impossible never) {
        throw new IllegalStateException(migration + " worked before", never);
      }
    }
  }
}
