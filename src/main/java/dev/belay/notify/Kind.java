package dev.belay.notify;

import dev.belay.core.Severity;
import java.util.List;
import java.util.Locale;

/** The types of channels, with what each of them can be told and what it does by default. */
enum Kind {
  EMAIL(Severity.INFO, 200_000, 500),
  SLACK(Severity.INFO, 40_000, 30),
  SMS(Severity.CRITICAL, 1_600, 0),
  WEBHOOK(Severity.INFO, 200_000, 500),
  PAGERDUTY(Severity.ERROR, 50_000, 50);

  /** What every channel can be told. */
  static final List<String> COMMON =
      List.of(
          "type",
          "events",
          "minSeverity",
          "template",
          "templates",
          "timeout",
          "retries",
          "pause",
          "fallback",
          "rateLimit",
          "maxLength",
          "details");

  private final Severity least;
  private final int longest;
  private final int details;

  Kind(Severity least, int longest, int details) {
    this.least = least;
    this.longest = longest;
    this.details = details;
  }

  /** The severity below which it is not used, where nobody says so. */
  Severity least() {
    return least;
  }

  /** The longest text that the other side takes, in characters. */
  int longest() {
    return longest;
  }

  /** Lines of an operation's answer that it passes on, where nobody says so. */
  int details() {
    return details;
  }

  /** The keys that only this one has. */
  List<String> keys() {
    return switch (this) {
      case EMAIL ->
          List.of(
              "host",
              "port",
              "tls",
              "user",
              "password",
              "from",
              "to",
              "allowPlaintext",
              "rootCert");
      case SLACK -> List.of("url", "proxy", "rootCert", "allowPlaintext");
      case SMS ->
          List.of(
              "baseUrl",
              "accountSid",
              "authToken",
              "from",
              "to",
              "proxy",
              "rootCert",
              "allowPlaintext");
      case WEBHOOK -> List.of("url", "headers", "secret", "proxy", "rootCert", "allowPlaintext");
      case PAGERDUTY -> List.of("baseUrl", "routingKey", "proxy", "rootCert", "allowPlaintext");
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
