package dev.belay.config;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of a connection that a source gives, and how two sources are laid over one another. */
final class Parts {
  private static final Set<String> STRICT = Set.of("require", "verify-ca", "verify-full");

  private final Map<ConnectionPart, Given> given = new EnumMap<>(ConnectionPart.class);
  private @Nullable Given url;

  /** Adds a part; an empty value counts as none. */
  Parts put(ConnectionPart part, Given value) {
    if (!value.isBlank()) {
      given.put(part, value);
    }
    return this;
  }

  Parts put(ConnectionPart part, String value, String source) {
    return put(part, Given.of(value, source));
  }

  @Nullable Given get(ConnectionPart part) {
    return given.get(part);
  }

  boolean has(ConnectionPart part) {
    return given.containsKey(part);
  }

  String text(ConnectionPart part, String fallback) {
    Given value = given.get(part);
    return value == null ? fallback : value.text();
  }

  /** Notes that these parts come from a whole connection string. */
  Parts fromUrl(String source) {
    url = Given.of(describe(), source);
    return this;
  }

  /** The connection string without its secrets, and its source; null where there was none. */
  @Nullable Given url() {
    return url;
  }

  /** Whether there is a connection to speak of: a server, a service or a connection string. */
  boolean nameConnection() {
    return url != null || has(ConnectionPart.HOST) || has(ConnectionPart.SERVICE);
  }

  /** Adds what is missing. */
  Parts fillFrom(Parts lower) {
    lower.given.forEach(given::putIfAbsent);
    return this;
  }

  /** Adds everything of the other, whose values win. */
  Parts overlay(Parts higher) {
    given.putAll(higher.given);
    url = higher.url == null ? url : higher.url;
    return this;
  }

  /**
   * Lays a higher source over these parts. When it names another server, everything that was meant
   * for this one goes, above all the password; what makes the connection stricter stays, and where
   * the other server is named by its host alone, also the names of database and user.
   */
  Parts under(Parts higher, String defaultPort) {
    Parts result = new Parts().overlay(this);
    if (higher.isElsewhere(this, defaultPort)) {
      result.forgetServer(higher.url != null);
    } else if (higher.has(ConnectionPart.USER)
        && has(ConnectionPart.USER)
        && !higher.text(ConnectionPart.USER, "").equals(text(ConnectionPart.USER, ""))) {
      result.given.remove(ConnectionPart.PASSWORD);
    }
    return result.overlay(higher);
  }

  private boolean isElsewhere(Parts lower, String defaultPort) {
    if (!has(ConnectionPart.HOST)) {
      return false;
    }
    if (!lower.has(ConnectionPart.HOST)) {
      // A lower source that names a database but no host meant the server of this machine.
      return url != null && (lower.url != null || lower.has(ConnectionPart.DATABASE)) && !isLocal();
    }
    String host = text(ConnectionPart.HOST, "").toLowerCase(Locale.ROOT);
    if (!host.equals(lower.text(ConnectionPart.HOST, "").toLowerCase(Locale.ROOT))) {
      return true;
    }
    boolean saysPort = url != null || has(ConnectionPart.PORT);
    return saysPort
        && !text(ConnectionPart.PORT, defaultPort)
            .equals(lower.text(ConnectionPart.PORT, defaultPort));
  }

  private boolean isLocal() {
    String host = text(ConnectionPart.HOST, "");
    return host.startsWith("/")
        || host.equalsIgnoreCase("localhost")
        || host.equals("127.0.0.1")
        || host.equals("::1");
  }

  private void forgetServer(boolean wholly) {
    given.remove(ConnectionPart.HOST);
    given.remove(ConnectionPart.PORT);
    given.remove(ConnectionPart.PASSWORD);
    if (wholly) {
      given.remove(ConnectionPart.DATABASE);
      given.remove(ConnectionPart.USER);
    }
    given.remove(ConnectionPart.SERVICE);
    if (!STRICT.contains(text(ConnectionPart.SSL_MODE, ""))) {
      given.remove(ConnectionPart.SSL_MODE);
    }
    url = null;
  }

  private String describe() {
    StringBuilder shown = new StringBuilder("postgresql://");
    if (has(ConnectionPart.USER)) {
      shown.append(text(ConnectionPart.USER, ""));
    }
    if (has(ConnectionPart.PASSWORD)) {
      shown.append(':').append(Masking.MASK);
    }
    if (has(ConnectionPart.USER) || has(ConnectionPart.PASSWORD)) {
      shown.append('@');
    }
    String host = text(ConnectionPart.HOST, "");
    shown.append(host.contains(":") ? "[" + host + "]" : host.replace("/", "%2F"));
    if (has(ConnectionPart.PORT)) {
      shown.append(':').append(text(ConnectionPart.PORT, ""));
    }
    if (has(ConnectionPart.DATABASE)) {
      shown.append('/').append(text(ConnectionPart.DATABASE, ""));
    }
    if (has(ConnectionPart.SSL_MODE)) {
      shown.append("?sslmode=").append(text(ConnectionPart.SSL_MODE, ""));
    }
    return shown.toString();
  }
}
