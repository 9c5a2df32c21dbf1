package dev.belay.diff;

import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The user's triggers during a merge: on, or off and then as they were. */
public final class Triggers {
  private final boolean fire;
  private final List<UserTrigger> found;
  private final List<String> eventTriggers;
  private final Map<TableName, List<UserTrigger>> byTable = new LinkedHashMap<>();

  private Triggers(boolean fire, List<UserTrigger> found, List<String> eventTriggers) {
    this.fire = fire;
    this.found = found;
    this.eventTriggers = eventTriggers;
    found.forEach(
        trigger ->
            byTable.computeIfAbsent(trigger.table(), none -> new ArrayList<>()).add(trigger));
  }

  /** Those of the tables that are written. */
  static Triggers of(Database session, Collection<Long> tables, boolean fire) {
    List<UserTrigger> found = TriggerQueries.of(session, tables);
    return new Triggers(
        fire, found, tables.isEmpty() ? List.of() : TriggerQueries.eventTriggers(session));
  }

  /**
   * Does work while those of the tables and of their partitions are off, and sets each back to what
   * it was.
   *
   * @param session in a transaction
   */
  public static <T> T without(Database session, Collection<Long> tables, Supplier<T> work) {
    Triggers off = of(session, tables, false);
    off.byTable.forEach((table, triggers) -> TriggerQueries.off(session, table, triggers));
    T done = work.get();
    off.byTable.forEach((table, triggers) -> TriggerQueries.on(session, table, triggers));
    return done;
  }

  /** Only the owner of a table may switch its triggers. */
  void refuse(Database session, Refusals refusals) {
    if (fire) {
      return;
    }
    Set<TableName> foreign = new HashSet<>();
    found.stream()
        .filter(trigger -> !trigger.mayChange() && foreign.add(trigger.table()))
        .forEach(
            trigger ->
                refusals.add(
                    "user \"%s\" does not own %s, so its trigger %s cannot be switched off"
                        .formatted(
                            session.target().user(), trigger.table().plain(), trigger.name()),
                    "let the triggers fire: --triggers on"));
  }

  /** What a person should know. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!found.isEmpty()) {
      String names = found.stream().map(UserTrigger::text).collect(Collectors.joining(", "));
      notes.add(
          (fire
                  ? "triggers fire, and may change more than this plan says: "
                  : "triggers are off in this transaction, and nobody else can write meanwhile: ")
              + names);
    }
    if (!eventTriggers.isEmpty()) {
      notes.add(
          "event triggers fire for temporary tables%s: %s"
              .formatted(
                  fire || found.isEmpty() ? "" : " and when triggers are switched",
                  String.join(", ", eventTriggers)));
    }
    return notes;
  }

  /** Tables, by number, whose triggers fire. */
  Set<Long> firing() {
    return fire ? found.stream().map(UserTrigger::relation).collect(Collectors.toSet()) : Set.of();
  }

  /**
   * Switches them off, in the transaction of the merge.
   *
   * @throws Failure UNAVAILABLE when a lock is not given
   */
  void off(Database session, Attempts attempts) {
    if (!fire) {
      byTable.forEach(
          (table, triggers) ->
              attempts.step(
                  "switching off the triggers of " + table.plain(),
                  () -> {
                    TriggerQueries.off(session, table, triggers);
                    return table;
                  }));
    }
  }

  /** Switches them on, each as it was. No event of a deferred constraint may be pending. */
  void on(Database session) {
    if (!fire) {
      byTable.forEach((table, triggers) -> TriggerQueries.on(session, table, triggers));
    }
  }
}
