package dev.belay.notify;

import dev.belay.config.Masking;
import dev.belay.config.SecretForms;
import java.net.URI;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes every secret of the configuration out of a text, in whatever form a library or a server may
 * quote it: as it is, percent-encoded, in Base64, or a part of a URL alone.
 */
final class Redaction {
  private static final int SHORTEST = 4;
  private static final int SHORTEST_PART = 8;

  /** They stand in the addresses of webhooks, and in any text: masked, nobody could read it. */
  private static final Set<String> WORDS =
      Set.of(
          "alerting",
          "channels",
          "database",
          "databases",
          "incidents",
          "incoming",
          "integration",
          "integrations",
          "messages",
          "migration",
          "migrations",
          "notification",
          "notifications",
          "postgres",
          "postgresql",
          "production",
          "services",
          "triggers",
          "webhooks",
          "workflows");

  private final Set<String> secrets = new LinkedHashSet<>();
  private List<String> longestFirst = List.of();

  /** What must not be shown; very short ones are in any text. */
  Redaction hiding(String secret) {
    if (secret.length() >= SHORTEST) {
      secrets.addAll(SecretForms.of(secret));
    }
    sort();
    return this;
  }

  /** A URL of which only the host may be shown. */
  Redaction hiding(URI url) {
    hiding(url.toString());
    for (String part :
        new String[] {url.getRawPath(), url.getRawQuery(), url.getPath(), url.getQuery()}) {
      if (part != null && part.length() > SHORTEST_PART) {
        hiding(part);
        for (String piece : part.split("[/&=?]", -1)) {
          if (piece.length() >= SHORTEST_PART && !WORDS.contains(piece)) {
            hiding(piece);
          }
        }
      }
    }
    return this;
  }

  private void sort() {
    longestFirst =
        secrets.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  /** The text without any of them. */
  String of(String text) {
    String shown = text;
    for (String secret : longestFirst) {
      shown = shown.replace(secret, Masking.MASK);
    }
    return Masking.text(shown);
  }
}
