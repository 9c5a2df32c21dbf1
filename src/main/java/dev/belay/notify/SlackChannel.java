package dev.belay.notify;

import dev.belay.report.Json;
import java.net.URI;
import java.util.Locale;
import java.util.Map;

/** Writes to a channel of Slack, or of what takes the same webhooks, such as Mattermost. */
record SlackChannel(URI url, Http http) implements Channel {
  @Override
  public String send(Message message, Effort effort) {
    String text = headed(message);
    String body = Json.MAPPER.writeValueAsString(Map.of("text", text));
    Http.Post post =
        new Http.Post(url, Map.of("Content-Type", "application/json; charset=utf-8"), body);
    http.post(() -> post, effort);
    return "";
  }

  /** The subject in bold, once: where the text begins with it, only how bad it is. */
  private String headed(Message message) {
    Event event = message.event();
    return message.text().startsWith(escaped(event.title()))
        ? "*[" + Event.word(event.severity()).toUpperCase(Locale.ROOT) + "]* " + message.text()
        : "*" + escaped(message.subject()) + "*\n" + message.text();
  }

  @Override
  public String place() {
    return Http.host(url);
  }

  /** The three characters with which Slack marks links and mentions. */
  @Override
  public String escaped(String value) {
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public String toString() {
    return "slack at " + place();
  }
}
