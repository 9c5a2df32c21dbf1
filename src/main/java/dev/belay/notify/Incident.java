package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.core.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with one target, from the first event that was an error to its resolution.
 *
 * @param id eight hexadecimal digits
 * @param target the database as people know it
 * @param command that it began with; a good end of the same command ends it too
 * @param title of the worst event so far
 * @param told the channels that know of it
 */
record Incident(
    String id,
    String target,
    String environment,
    Instant began,
    String command,
    Announcement.Type type,
    Severity severity,
    String title,
    List<String> told) {
  Incident {
    told = List.copyOf(told);
  }

  /** How long it has been going on. */
  Duration age(Instant now) {
    Duration age = Duration.between(began, now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Its name in systems that keep incidents of their own. */
  String key() {
    return "belay-" + id;
  }

  Incident toldTo(String channel) {
    if (told.contains(channel)) {
      return this;
    }
    List<String> more = new ArrayList<>(told);
    more.add(channel);
    return new Incident(id, target, environment, began, command, type, severity, title, more);
  }

  /** The same, as bad as the event is where that is worse. */
  Incident with(Event event) {
    return event.severity().compareTo(severity) <= 0
        ? this
        : new Incident(
            id,
            target,
            environment,
            began,
            command,
            event.type(),
            event.severity(),
            event.title(),
            told);
  }

  Incident since(Instant moment) {
    return new Incident(id, target, environment, moment, command, type, severity, title, told);
  }
}
