package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.core.Severity;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One channel as it is configured.
 *
 * @param events of which it is told
 * @param chosen whether the configuration says which events or severities it wants
 * @param template for everything, a built-in name or a file as it is written; empty: by occasion
 * @param templates for single types, by that type
 * @param fallback the channel that is told where this one cannot be
 * @param maxLength of a text in characters
 * @param details lines of an operation's answer
 */
record ChannelSettings(
    String name,
    Kind kind,
    Set<Announcement.Type> events,
    Severity minSeverity,
    boolean chosen,
    Optional<TemplateChoice> template,
    Map<Announcement.Type, TemplateChoice> templates,
    java.time.Duration timeout,
    Retrying retrying,
    Optional<String> fallback,
    Optional<Rate> rate,
    int maxLength,
    int details,
    Channel channel) {

  ChannelSettings {
    events = Set.copyOf(events);
    templates = Map.copyOf(templates);
  }

  /** Whether it is to be told of such an event. */
  boolean wants(Event event) {
    return events.contains(event.type()) && event.severity().compareTo(minSeverity) >= 0;
  }

  /** The template that somebody chose for it. */
  Optional<TemplateChoice> chosenFor(Announcement.Type type) {
    TemplateChoice own = templates.get(type);
    return own == null ? template : Optional.of(own);
  }

  /** Its name for people, such as {@code team (slack, hooks.slack.com)}. */
  String shown() {
    return "%s (%s, %s)".formatted(name, kind.word(), channel.place());
  }
}
