package dev.belay.config;

import dev.belay.core.Failure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sources of the connection, each read into its parts, and laid over one another: Flyway's
 * files, {@code FLYWAY_*}, {@code PG*} with the service it names, {@code DATABASE_URL}, {@code
 * belay.yaml}, {@code BELAY_*}, {@code --set}, {@code --url}. What is still missing then comes from
 * {@code PG*}, as it does for every program of libpq.
 */
final class ConnectionSources {
  private final Map<String, String> environment;
  private final ServiceFile services;
  private final Deque<Parts> lowToHigh = new ArrayDeque<>();
  private boolean named;
  private boolean connected;

  ConnectionSources(Map<String, String> environment, Places places) {
    this.environment = environment;
    this.services = new ServiceFile(environment, places);
  }

  /**
   * All sources in one.
   *
   * @param flyway Flyway's files, then its environment
   * @param own {@code belay.yaml}, {@code BELAY_*}, {@code --set}
   * @throws Failure USAGE when a source that counts is wrong
   */
  Parts read(List<Map<String, Given>> flyway, List<Map<String, Given>> own, Optional<String> url) {
    url.ifPresent(text -> add(ofFlag(text)));
    for (int index = own.size() - 1; index >= 0; index--) {
      add(ofSettings(own.get(index)));
    }
    addLowly(this::ofDatabaseUrl);
    addLowly(this::ofLibpq);
    for (int index = flyway.size() - 1; index >= 0; index--) {
      Map<String, Given> source = flyway.get(index);
      addLowly(() -> ofFlyway(source));
    }
    String port = environment.getOrDefault("PGPORT", "");
    Parts state = new Parts();
    for (Parts source : lowToHigh) {
      state = state.under(source, port.isBlank() ? "5432" : port);
    }
    return state.fillFrom(variables());
  }

  /** Whether any source speaks of a server, so that the database may default to the user. */
  boolean nameConnection() {
    return connected;
  }

  private void add(Parts parts) {
    named |= parts.has(ConnectionPart.HOST);
    connected |= parts.nameConnection();
    lowToHigh.addFirst(parts);
  }

  /** What other programs read may be wrong without harm, once a higher source names the server. */
  private void addLowly(Supplier<Parts> source) {
    try {
      add(source.get());
    } catch (Failure wrong) {
      if (!named) {
        throw wrong;
      }
    }
  }

  private Parts ofFlag(String text) {
    if (text.isBlank()) {
      throw Failure.usage(
          "--url is empty", "look whether the variable that you gave is set, or leave --url out");
    }
    return expand(ConnectionText.parse(text, "--url"));
  }

  private Parts expand(Parts parts) {
    Given service = parts.get(ConnectionPart.SERVICE);
    return service == null
        ? parts
        : parts.fillFrom(services.find(service.text(), service.source()));
  }

  private Parts ofSettings(Map<String, Given> settings) {
    Parts parts = new Parts();
    Given url = settings.get("url");
    if (url != null && !url.isBlank()) {
      parts = ConnectionText.parse(url.text(), url.source());
    }
    Parts single = new Parts();
    for (ConnectionPart part : ConnectionPart.values()) {
      Given value = settings.get(part.setting());
      if (value != null) {
        single.put(part, value);
        refuseTwo(part, parts.get(part), value);
      }
    }
    Addresses.check(single, "the configuration");
    return expand(parts.overlay(single));
  }

  private static void refuseTwo(ConnectionPart part, @Nullable Given inUrl, Given alone) {
    boolean address =
        part == ConnectionPart.HOST
            || part == ConnectionPart.PORT
            || part == ConnectionPart.DATABASE
            || part == ConnectionPart.USER;
    if (address && inUrl != null && !alone.isBlank() && !inUrl.text().equals(alone.text())) {
      throw Failure.usage(
          "the url at "
              + inUrl.source()
              + " names another "
              + part.setting()
              + " than "
              + part.setting()
              + " at "
              + alone.source(),
          "leave one of them out");
    }
  }

  private Parts ofDatabaseUrl() {
    String text = environment.getOrDefault("DATABASE_URL", "");
    return text.isBlank() || ConnectionText.isForeign(text)
        ? new Parts()
        : expand(ConnectionText.parse(text, "DATABASE_URL"));
  }

  /** libpq prefers what the service says to its single variables. */
  private Parts ofLibpq() {
    Parts parts = variables();
    Given service = parts.get(ConnectionPart.SERVICE);
    Parts all =
        service == null ? parts : parts.overlay(services.find(service.text(), service.source()));
    Addresses.check(all, "PGPORT");
    return all;
  }

  private Parts variables() {
    Parts parts = new Parts();
    for (ConnectionPart part : ConnectionPart.values()) {
      parts.put(part, environment.getOrDefault(part.variable(), ""), part.variable());
    }
    return parts;
  }

  private static Parts ofFlyway(Map<String, Given> settings) {
    Given url = settings.get("url");
    boolean foreign = url != null && ConnectionText.isForeign(url.text());
    Parts parts = new Parts();
    if (foreign) {
      return parts;
    }
    if (url != null && !url.isBlank()) {
      parts = ConnectionText.parse(url.text(), url.source());
    }
    Given user = settings.get("user");
    Given password = settings.get("password");
    if (user != null) {
      parts.put(ConnectionPart.USER, user);
    }
    if (password != null) {
      parts.put(ConnectionPart.PASSWORD, password);
    }
    return parts;
  }
}
