package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.core.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Something that people are to be told of, before anybody decides whom and in which words.
 *
 * @param title one line
 * @param details more lines, such as the answer of the operation
 * @param facts what else is known, by name, in that order
 * @param key the same event always has the same, so that nobody is told of it twice
 * @param incident null: it belongs to none
 */
record Event(
    Announcement.Type type,
    Severity severity,
    String title,
    List<String> details,
    Map<String, String> facts,
    Source source,
    Instant at,
    String key,
    Action action,
    @Nullable Incident incident) {
  private static final String ENDED = ":resolved";

  Event {
    details = List.copyOf(details);
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** An event that belongs to no incident so far. */
  static Event of(
      Announcement.Type type,
      Severity severity,
      String title,
      List<String> details,
      Map<String, String> facts,
      Source source,
      String key) {
    return new Event(
        type, severity, title, details, facts, source, Instant.now(), key, Action.TELL, null);
  }

  /** The type as it is written in the configuration, such as {@code migration_failed}. */
  static String word(Announcement.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /** The severity as it is written in the configuration. */
  static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  /** As part of an incident. */
  Event in(@Nullable Incident its, Action does) {
    return new Event(type, severity, title, details, facts, source, at, key, does, its);
  }

  /** Under which it is remembered that people were told of it. */
  String remembered() {
    return action == Action.RESOLVE ? key + ENDED : key;
  }

  /** Under which it is remembered that people were told of the opposite. */
  String opposite() {
    return action == Action.RESOLVE ? key : key + ENDED;
  }

  /** With every text that somebody outside of Belay may have written changed so. */
  Event mapped(UnaryOperator<String> change) {
    Map<String, String> changed = new LinkedHashMap<>();
    facts.forEach((name, value) -> changed.put(change.apply(name), change.apply(value)));
    return new Event(
        type,
        severity,
        change.apply(title),
        details.stream().map(change).toList(),
        changed,
        new Source(
            change.apply(source.database()),
            change.apply(source.environment()),
            source.command(),
            change.apply(source.arguments()),
            source.run(),
            source.host(),
            source.user(),
            source.log()),
        at,
        key,
        action,
        incident);
  }

  /** With no more details than that, and a line that says how many are left out. */
  Event detailed(int most) {
    if (details.size() <= most) {
      return this;
    }
    List<String> kept = new ArrayList<>(details.subList(0, most));
    if (most > 0) {
      kept.add(
          "… and %d more lines; all of them are in %s"
              .formatted(details.size() - most, source.log()));
    }
    return new Event(type, severity, title, kept, facts, source, at, key, action, incident);
  }
}
