package dev.belay.hooks;

import dev.belay.config.Section;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The section {@code health}.
 *
 * @param patience for how long a check may fail after an operation until it counts
 */
record HealthSettings(List<HealthCheck> checks, Duration patience) {
  private static final String CHECKS = "checks";
  private static final String PATIENCE = "patience";
  private static final String TIMEOUT = "timeout";
  private static final Set<String> OF_ALL = Set.of(CHECKS, PATIENCE, TIMEOUT);
  private static final Duration LONGEST = Duration.ofHours(1);

  HealthSettings {
    checks = List.copyOf(checks);
  }

  /**
   * Reads and checks it: a list of texts, or names with a text or keys below them.
   *
   * @throws Failure USAGE when a check is neither a URL nor a query
   */
  static HealthSettings of(Settings settings) {
    Section section = settings.section("health");
    List<HealthCheck> checks = new ArrayList<>();
    Optional<String> single = settings.whole().text("health");
    Duration timeout =
        section.duration(TIMEOUT, "5s", Duration.ofMillis(10), Duration.ofMinutes(1));
    Duration patience = section.duration(PATIENCE, "30s", Duration.ZERO, LONGEST);
    single.ifPresent(text -> checks.add(unnamed(settings.whole().where("health"), text, timeout)));
    for (String key : section.keys()) {
      if (!OF_ALL.contains(key.toLowerCase(Locale.ROOT))) {
        checks.add(check(section, key, timeout));
      }
    }
    section
        .text(CHECKS)
        .ifPresent(text -> checks.add(unnamed(section.where(CHECKS), text, timeout)));
    Section list = section.section(CHECKS);
    for (String key : list.keys()) {
      checks.add(check(list, key, timeout));
    }
    return new HealthSettings(checks, patience);
  }

  private static HealthCheck check(Section section, String key, Duration fallback) {
    Optional<String> text = section.text(key);
    boolean numbered = key.chars().allMatch(Character::isDigit);
    if (text.isPresent()) {
      HealthCheck plain = unnamed(section.where(key), text.get(), fallback);
      return numbered ? plain : named(key, plain, Optional.empty(), fallback);
    }
    Section own = section.section(key);
    own.allowOnly(List.of("url", "sql", "expect", TIMEOUT));
    Optional<String> url = own.text("url");
    Optional<String> sql = own.text("sql");
    if (url.isPresent() == sql.isPresent()) {
      throw Failure.usage(
          "%s: %s has %s url and sql"
              .formatted(section.where(key), own.name(), url.isPresent() ? "both" : "neither"),
          "write one of them, such as url: https://app.example/health");
    }
    Duration timeout =
        own.has(TIMEOUT)
            ? own.duration(TIMEOUT, "5s", Duration.ofMillis(10), Duration.ofMinutes(1))
            : fallback;
    HealthCheck plain =
        url.map(each -> url(section.where(key), each, timeout))
            .orElseGet(() -> HealthCheck.unnamed(HealthCheck.Kind.SQL, sql.orElseThrow(), timeout));
    return numbered
        ? new HealthCheck(plain.name(), plain.kind(), plain.what(), own.text("expect"), timeout)
        : named(key, plain, own.text("expect"), timeout);
  }

  private static HealthCheck named(
      String name, HealthCheck plain, Optional<String> expect, Duration timeout) {
    return new HealthCheck(name, plain.kind(), plain.what(), expect, timeout);
  }

  private static HealthCheck unnamed(String where, String text, Duration timeout) {
    if (text.toLowerCase(Locale.ROOT).startsWith("sql:")) {
      String query = text.substring("sql:".length()).strip();
      if (query.isEmpty()) {
        throw Failure.usage(
            where + ": a health check has no query after sql:",
            "write for example sql: select true");
      }
      return HealthCheck.unnamed(HealthCheck.Kind.SQL, query, timeout);
    }
    return url(where, text, timeout);
  }

  /** The text is not shown: a part of it may be a password. */
  private static HealthCheck url(String where, String text, Duration timeout) {
    HealthCheck check = HealthCheck.unnamed(HealthCheck.Kind.URL, text, timeout);
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
        return check;
      }
    } catch (URISyntaxException wrong) {
      // The failure below says it.
    }
    throw Failure.usage(
        "%s: the health check '%s' is neither a URL nor a query".formatted(where, check.name()),
        "write https://app.example/health, or sql: select true");
  }
}
