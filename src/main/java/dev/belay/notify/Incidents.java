package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.core.Severity;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which events belong together: from the first error of a target to its resolution. */
final class Incidents {
  /** Whoever ends one of these well has a database that works again. */
  private static final Set<String> RESOLVING =
      Set.of(
          "migrate",
          "guard",
          "rollback-migration",
          "gradual-rollback",
          "backup-restore",
          "undo-restore",
          "emergency-rollback",
          "emergency-recovery",
          "rollback-point execute");

  /** Those of them that may end well without having done anything to the database. */
  private static final Set<String> CHANGING =
      Set.of(
          "guard",
          "rollback-migration",
          "gradual-rollback",
          "backup-restore",
          "undo-restore",
          "emergency-rollback",
          "rollback-point execute");

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 4;

  private final Memory memory;

  Incidents(Memory memory) {
    this.memory = memory;
  }

  /**
   * The event as part of its incident, which it may begin or end.
   *
   * @param began when that began, where somebody knows better than the moment of the event
   * @param resolves whether somebody says that this ends it
   * @param dry whether nothing is kept of it
   */
  Event tie(Event event, @Nullable Instant began, boolean resolves, boolean dry) {
    boolean grave = event.severity().compareTo(Severity.ERROR) >= 0 && !resolves;
    if (event.type() == Announcement.Type.TEST || (!grave && !memory.isThere())) {
      return resolves ? event.in(null, Action.RESOLVE) : event;
    }
    if (dry) {
      return tied(memory.isThere() ? memory.look() : State.empty(), event, began, resolves)
          .answer();
    }
    return memory.change(state -> tied(state, event, began, resolves));
  }

  private static Memory.Change<Event> tied(
      State state, Event event, @Nullable Instant began, boolean resolves) {
    Optional<Incident> open = state.open(event.source().database());
    if (event.severity().compareTo(Severity.ERROR) >= 0 && !resolves) {
      Incident incident = open.map(known -> known.with(event)).orElseGet(() -> fresh(event));
      Incident dated = began == null ? incident : incident.since(began);
      return new Memory.Change<>(state.with(dated), event.in(dated, Action.TRIGGER));
    }
    if (open.isEmpty()) {
      return new Memory.Change<>(state, resolves ? event.in(null, Action.RESOLVE) : event);
    }
    Incident incident = open.get();
    if (resolves || ends(event, incident)) {
      return new Memory.Change<>(
          state.withoutIncident(incident.target()), event.in(incident, Action.RESOLVE));
    }
    boolean belongs = event.severity().compareTo(Severity.WARNING) >= 0;
    return new Memory.Change<>(state, belongs ? event.in(incident, Action.TELL) : event);
  }

  private static boolean ends(Event event, Incident incident) {
    String command = event.source().command();
    if (event.type() == Announcement.Type.THRESHOLD_BREACHED) {
      return event.severity() == Severity.INFO
          && incident.type() == Announcement.Type.THRESHOLD_BREACHED
          && incident.command().equals(command)
          && Announcement.NOTHING.equals(event.facts().get(Announcement.STILL_BREACHED));
    }
    boolean well =
        event.severity() == Severity.INFO
            && (event.type() == Announcement.Type.OPERATION_COMPLETED
                || event.type() == Announcement.Type.ROLLBACK_COMPLETED
                || event.type() == Announcement.Type.EMERGENCY_RECOVERY);
    if (CHANGING.contains(command) && !changed(event)) {
      return false;
    }
    return well && (RESOLVING.contains(command) || incident.command().equals(command));
  }

  /** Whether the database itself is another one, and not only one beside it. */
  private static boolean changed(Event event) {
    return Endings.CHANGED.equals(event.facts().get("state"))
        && !event.source().arguments().contains("--new-name");
  }

  private static Incident fresh(Event event) {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    return new Incident(
        HexFormat.of().formatHex(id),
        event.source().database(),
        event.source().environment(),
        event.at(),
        event.source().command(),
        event.type(),
        event.severity(),
        event.title(),
        List.of());
  }

  /** That channel knows of the incident now. */
  void told(Incident incident, String channel) {
    memory.change(
        state ->
            new Memory.Change<>(
                state
                    .byId(incident.id())
                    .map(open -> state.with(open.toldTo(channel)))
                    .orElse(state),
                channel));
  }

  /** The open ones. */
  List<Incident> open() {
    return memory.isThere() ? memory.look().incidents() : List.of();
  }

  /** The open one of that target. */
  Optional<Incident> open(String target) {
    return open().stream().filter(each -> each.target().equals(target)).findFirst();
  }
}
