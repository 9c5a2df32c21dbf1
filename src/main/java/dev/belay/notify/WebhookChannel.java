package dev.belay.notify;

import dev.belay.core.Secret;
import dev.belay.report.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON to any address, signed where there is a secret: HMAC-SHA256 over the timestamp, a dot,
 * and the body.
 */
record WebhookChannel(URI url, Map<String, Secret> headers, Optional<Secret> secret, Http http)
    implements Channel {
  private static final int SCHEMA = 1;

  /**
   * The body, where no template makes it. Fields are only ever added.
   *
   * @param key the same for the same event, also when it is sent again
   */
  record Body(
      int schema,
      String event,
      String severity,
      String action,
      String title,
      String text,
      List<String> details,
      Map<String, String> facts,
      String database,
      String environment,
      String command,
      String run,
      String host,
      @Nullable Of incident,
      Instant at,
      String key) {}

  /** The incident that an event belongs to. */
  record Of(String id, Instant began) {}

  @Override
  public String send(Message message, Effort effort) {
    String body = message.whole() ? message.text() : Json.MAPPER.writeValueAsString(body(message));
    http.post(() -> post(message.event(), body), effort);
    return "";
  }

  private Http.Post post(Event event, String body) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Content-Type", "application/json; charset=utf-8");
    all.put("Idempotency-Key", event.key() + ":" + Event.word(event.type()));
    headers.forEach((name, value) -> all.put(name, value.reveal()));
    secret.ifPresent(
        shared -> {
          String timestamp = String.valueOf(Instant.now().getEpochSecond());
          all.put("X-Belay-Timestamp", timestamp);
          all.put("X-Belay-Signature", "sha256=" + signature(shared, timestamp, body));
        });
    return new Http.Post(url, all, body);
  }

  private static String signature(Secret secret, String timestamp, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("no HmacSHA256", missing);
    }
  }

  private static Body body(Message message) {
    Event event = message.event();
    Source source = event.source();
    Incident incident = event.incident();
    return new Body(
        SCHEMA,
        Event.word(event.type()),
        Event.word(event.severity()),
        event.action().name().toLowerCase(java.util.Locale.ROOT),
        event.title(),
        message.text(),
        event.details(),
        event.facts(),
        source.database(),
        source.environment(),
        source.command(),
        source.run(),
        source.host(),
        incident == null ? null : new Of(incident.key(), incident.began()),
        event.at(),
        event.key());
  }

  @Override
  public String place() {
    return Http.host(url);
  }

  @Override
  public String toString() {
    return "webhook at " + place();
  }
}
