package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.core.Secret;
import dev.belay.report.Json;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens and closes alerts by the Events API, version 2, of PagerDuty. */
record PagerDutyChannel(URI baseUrl, Secret routingKey, Http http) implements Channel {
  /** Longer summaries are refused. */
  private static final int LONGEST_SUMMARY = 1024;

  @Override
  public String send(Message message, Effort effort) {
    boolean resolves = message.event().action() == Action.RESOLVE;
    post(message, resolves ? "resolve" : "trigger", effort);
    if (message.event().type() == Announcement.Type.TEST) {
      // Nobody is to be called out of bed by a test for longer than it takes.
      post(message, "resolve", effort);
    }
    return "";
  }

  private void post(Message message, String action, Effort effort) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("routing_key", routingKey.reveal());
    body.put("event_action", action);
    body.put("dedup_key", key(message.event()));
    if (action.equals("trigger")) {
      body.put("payload", payload(message));
      body.put("client", "belay");
    }
    Http.Post post =
        new Http.Post(
            Http.under(baseUrl, "/v2/enqueue"),
            Map.of("Content-Type", "application/json"),
            Json.MAPPER.writeValueAsString(body));
    http.post(() -> post, effort);
  }

  /** All events of an incident are one alert there. */
  private static String key(Event event) {
    Incident incident = event.incident();
    return incident == null ? event.key() : incident.key();
  }

  private static Map<String, Object> payload(Message message) {
    Event event = message.event();
    Source source = event.source();
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("summary", Cutting.beginning(message.subject(), LONGEST_SUMMARY));
    payload.put("source", source.database());
    payload.put("severity", Event.word(event.severity()));
    payload.put("timestamp", Instant.ofEpochMilli(event.at().toEpochMilli()).toString());
    payload.put("component", source.command());
    payload.put("group", source.environment());
    payload.put("class", Event.word(event.type()));
    Map<String, Object> more = new LinkedHashMap<>(event.facts());
    more.put("text", message.text());
    payload.put("custom_details", more);
    return payload;
  }

  @Override
  public String place() {
    return Http.host(baseUrl);
  }

  @Override
  public String toString() {
    return "pagerduty at " + place();
  }
}
