package dev.belay.notify;

import dev.belay.core.Units;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a template may mention of an event. Each fact of the event is a variable too. */
final class Variables {
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * The values for one template.
   *
   * @param commander who leads in an incident, where nobody said so
   * @param next when people will hear again
   * @param mentioned the names in the template: such a fact is not listed a second time
   */
  Variables(Event event, String commander, String next, Set<String> mentioned) {
    Source source = event.source();
    put("type", Event.word(event.type()));
    put("severity", Event.word(event.severity()));
    put("title", event.title());
    put("message", message(event));
    put("details", String.join("\n", event.details()));
    put("database", source.database());
    put("environment", source.environment());
    put("command", source.command());
    put("arguments", source.arguments());
    put("run", source.run());
    put("host", source.host());
    put("user", source.user());
    put("log", source.log().toString());
    put("time", Units.moment(event.at()));
    incident(event);
    event.facts().forEach(this::put);
    standing(event, commander, next);
    put("facts", listed(event, mentioned));
  }

  private static String message(Event event) {
    return event.details().isEmpty()
        ? event.title()
        : event.title() + "\n" + String.join("\n", event.details());
  }

  private void incident(Event event) {
    Incident incident = event.incident();
    Duration age = incident == null ? Duration.ZERO : incident.age(event.at());
    put("incident", incident == null ? "none" : incident.key());
    put("began", Units.moment(incident == null ? event.at() : incident.began()));
    put("elapsed", Units.duration(age));
    put("cause", incident == null ? event.title() : incident.title());
  }

  /** The fields of the two incident texts, where nobody gave them as facts. */
  private void standing(Event event, String commander, String next) {
    Incident incident = event.incident();
    boolean resolved = event.action() == Action.RESOLVE;
    values.putIfAbsent("issue", event.title());
    values.putIfAbsent("impact", values.getOrDefault("state", "not known yet"));
    values.putIfAbsent("eta", "not known yet");
    values.putIfAbsent("actiontaken", resolved ? event.title() : taken(event));
    values.putIfAbsent("nextupdate", next);
    values.putIfAbsent("incidentcommander", commander);
    values.putIfAbsent("resolution", event.title());
    values.putIfAbsent(
        "downtime",
        incident == null
            ? "not measured"
            : "at most " + Units.duration(incident.age(event.at())) + ", since the incident began");
    values.putIfAbsent("rootcause", incident == null ? "not known yet" : incident.title());
    values.putIfAbsent(
        "dataloss", isSaidByHand(event) ? "not stated" : "see the answer of the operation");
    values.putIfAbsent("nextsteps", values.getOrDefault("next", "review the incident"));
  }

  private String taken(Event event) {
    String command = event.source().command();
    return isSaidByHand(event)
        ? "none so far"
        : "belay " + command + " ended; " + values.getOrDefault("next", "look at its log");
  }

  /** Nothing was done by Belay itself that it could speak of. */
  private static boolean isSaidByHand(Event event) {
    return event.source().command().equals(SendNotification.COMMAND);
  }

  private static String listed(Event event, Set<String> mentioned) {
    return event.facts().entrySet().stream()
        .filter(fact -> !mentioned.contains(Template.plain(fact.getKey())))
        .map(fact -> named(fact.getKey()) + ": " + fact.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static String named(String key) {
    return key.isEmpty() ? key : key.substring(0, 1).toUpperCase(Locale.ROOT) + key.substring(1);
  }

  private void put(String name, String value) {
    values.put(Template.plain(name), value);
  }

  /** The value of a name as {@link Template#plain} gives it; null: there is none. */
  @Nullable String value(String name) {
    return Optional.ofNullable(values.get(name)).map(String::strip).orElse(null);
  }
}
