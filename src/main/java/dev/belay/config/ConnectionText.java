package dev.belay.config;

import dev.belay.core.Failure;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads a connection in any form that people have it in. No failure shows any of the text, since
 * what stands where in a malformed one cannot be known: it may be the password.
 */
final class ConnectionText {
  static final String ENCODE =
      "write special characters of a user or password percent-encoded (@ as %40, / as %2F, : as"
          + " %3A, # as %23, ? as %3F, % as %25), or set PGPASSWORD instead";

  private static final Pattern CREDENTIALS = Pattern.compile("(?s).*:.*@.*");
  private static final Pattern WRAPPED =
      Pattern.compile("(?i)jdbc:(?:p6spy|otel|aws-wrapper|log4jdbc):postgresql:(.*)");

  private ConnectionText() {}

  /** Whether the text is for a database of another make, so that Belay may pass it over. */
  static boolean isForeign(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    boolean jdbc = lower.startsWith("jdbc:");
    return (jdbc || lower.contains("://"))
        && !lower.startsWith("jdbc:postgresql:")
        && !lower.startsWith("postgresql://")
        && !lower.startsWith("postgres://")
        && !WRAPPED.matcher(lower).matches();
  }

  /**
   * The parts of a URI, a JDBC URL, libpq's {@code key=value} form or a bare name.
   *
   * @param source where the text stands
   * @throws Failure USAGE when it is none of them; its message holds nothing of the text
   */
  static Parts parse(String text, String source) {
    Parts parts = read(text.strip(), source);
    Addresses.check(parts, source);
    return parts.fromUrl(source);
  }

  private static Parts read(String text, String source) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("jdbc:")) {
      var wrapped = WRAPPED.matcher(text);
      if (wrapped.matches()) {
        return jdbc(wrapped.group(1), source);
      }
      if (lower.startsWith("jdbc:postgresql:")) {
        return jdbc(text.substring("jdbc:postgresql:".length()), source);
      }
    } else if (lower.startsWith("postgresql://")) {
      return new UriText(false, source).parse(text.substring("postgresql://".length()));
    } else if (lower.startsWith("postgres://")) {
      return new UriText(false, source).parse(text.substring("postgres://".length()));
    } else if (!text.contains("://") || (lower.indexOf('=') >= 0 && isKeyword(lower))) {
      return plain(text, source);
    }
    throw Failure.usage(
        source + " is not the URL of a PostgreSQL database",
        "write it like postgresql://user@host:5432/database");
  }

  private static boolean isKeyword(String lower) {
    String first = lower.substring(0, lower.indexOf('=')).strip();
    for (ConnectionPart part : ConnectionPart.values()) {
      if (part.keyword().equals(first)) {
        return true;
      }
    }
    return false;
  }

  private static Parts jdbc(String rest, String source) {
    UriText uri = new UriText(true, source);
    return rest.startsWith("//") ? uri.parse(rest.substring(2)) : uri.parse("/" + rest);
  }

  private static Parts plain(String text, String source) {
    if (text.indexOf('=') >= 0) {
      return new KeywordText(text, source).parse();
    }
    if (CREDENTIALS.matcher(text).matches()) {
      throw Failure.usage(
          source + " has the user and password of a URL but not its beginning",
          "write it like postgresql://user@host:5432/database");
    }
    return new Parts().put(ConnectionPart.DATABASE, text, source);
  }
}
