package dev.belay.diff;

import dev.belay.core.TableName;

/**
 * A trigger that a merge would fire.
 *
 * @param mode as the catalogue has it: {@code O} for origin and local, {@code A} for always
 * @param mayChange whether this role may switch it off
 */
record UserTrigger(long relation, TableName table, String name, String mode, boolean mayChange) {
  /** As a person reads it. */
  String text() {
    return name + " of " + table.plain();
  }
}
