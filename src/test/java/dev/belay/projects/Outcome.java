package dev.belay.projects;

import java.util.Set;

/**
 * How a migration went.
 *
 * @param failed whether it failed, and so changed nothing
 * @param effect what it did otherwise: objects and rows changed
 */
record Outcome(boolean failed, Set<String> effect) {
  static final Outcome FAILED = new Outcome(true, Set.of());
}
