package dev.belay.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the password of a URL, or of an address like one, begins and ends. */
final class UrlPasswords {
  /**
   * What stands before the password of a URL. All repetitions here are bounded, so that the time
   * for a line of a megabyte grows with its length only.
   */
  private static final Pattern IN_URL =
      Pattern.compile("(?i)([a-z][\\w+.-]{0,40}+://(?:\\[[\\w:.%]{0,80}]|[^/:@\\s]{0,400}+):)");

  /** Further servers of a URL with several, with their ports, and the name of the database. */
  private static final String ON_TO_QUERY =
      "(?:,(?:\\[[\\w:.%]{0,80}]|[\\w.-]{0,255})(?::\\d{1,5})?){0,8}(?:/[^/?#@:\\s\"']{0,200})?\\?";

  /** Parameters that a query is known by, and that are no secret. */
  private static final String PARAMETER =
      "(?i:user|passfile|host|port|dbname|options|service|application_?name|current_?schema"
          + "|connect_?timeout|login_?timeout|socket_?timeout|tcp_?keep_?alive|ssl(?!password)[a-z]{1,20})=";

  private static final String SECRET_PARAMETER = "(?i:(?:ssl)?password)=";

  /** Behind an at-sign, a slash would be that of the database behind a server. */
  private static final String NO_SECRET =
      PARAMETER + "[^&@:\\s\"']{0,2000}+(?:@[^&@:/\\s\"']{0,2000}+){0,8}+";

  /** Behind the scheme: where servers, and a database, are named, up to a query. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:\\[[\\w:.%]{0,80}]|[\\w.-]{0,255})(?::\\d{1,5})?"
              + ON_TO_QUERY
              + "(?="
              + PARAMETER
              + "|"
              + SECRET_PARAMETER
              + ")");

  private static final Pattern SLASH_BEHIND_AT = Pattern.compile("@[^&@/]{0,2000}/");

  /**
   * Behind a host: a port, and no at-sign before the address ends, or one only in a parameter that
   * is no secret.
   */
  static final Pattern PORT =
      Pattern.compile(
          "\\d{1,5}(?![^/?#\\s\"'),;])[^@\\s]*+(?!@)"
              + "|\\d{1,5}"
              + ON_TO_QUERY
              + "(?:"
              + NO_SECRET
              + "(?:&|(?![^\\s\"']))){1,40}+[^@\\s]*+(?!@)");

  /** Behind a host: a port, and all up to a secret of the query. */
  private static final Pattern UP_TO_SECRET =
      Pattern.compile(
          "\\d{1,5}" + ON_TO_QUERY + "(?:" + NO_SECRET + "&){0,40}+" + SECRET_PARAMETER);

  /** The colons of an address are no user's. */
  private static final Pattern HOST_OF_COLONS =
      Pattern.compile(
          "(?i)(?:^|\\s)host(?:addr)?\\s{0,8}=\\s{0,8}'?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?=[\\s']|$)");

  private UrlPasswords() {}

  /**
   * A text without them. The password of a URL ends at the last at-sign of the line, since people
   * forget to encode one in it. Where that is in a value whose name sounds secret, the value goes
   * with it.
   *
   * @param open what may stand behind a host or a user and is no password
   */
  static String without(String text, Pattern open) {
    if (text.indexOf('@') < 0) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    Matcher matcher = IN_URL.matcher(text);
    Matcher port = open.matcher(text);
    Matcher secret = UP_TO_SECRET.matcher(text);
    int from = 0;
    while (from < text.length() && matcher.find(from)) {
      if (port.region(matcher.end(), text.length()).lookingAt()) {
        shown.append(text, from, port.end());
        from = port.end();
        continue;
      }
      int newline = text.indexOf('\n', matcher.end());
      int end = newline < 0 ? text.length() : newline;
      int at = text.lastIndexOf('@', end - 1);
      if (at >= matcher.end()) {
        boolean known = secret.region(matcher.end(), at).lookingAt();
        shown.append(text, from, known ? secret.end() : matcher.end()).append(Masking.MASK);
        from = behindSecrets(text, matcher.end(), at, end);
      } else {
        shown.append(text, from, end);
        from = end;
      }
    }
    return shown.append(text, from, text.length()).toString();
  }

  /**
   * From where a line may be shown again: from the at-sign, or from behind the secret in which it
   * is.
   */
  private static int behindSecrets(String text, int from, int at, int end) {
    int open = at;
    // Looked for once, since a line may be long and hold many such names.
    int word = startOfWord(text, from, at);
    int behind = endOfWord(text, at, end);
    Matcher named =
        LooksSecret.IN_TEXT.assigned().matcher(text).region(from, end).useTransparentBounds(true);
    while (named.find() && named.start(2) <= at) {
      open = Math.max(open, named.end() <= at && named.start() >= word ? behind : named.end());
    }
    Matcher encoded = EncodedNames.IN_URL.matcher(text).region(from, at).useTransparentBounds(true);
    while (encoded.find()) {
      if (EncodedNames.soundSecret(encoded.group(1))) {
        open = Math.max(open, behind);
      }
    }
    return open;
  }

  private static int startOfWord(String text, int from, int end) {
    int at = end;
    while (at > from && !Character.isWhitespace(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static int endOfWord(String text, int from, int end) {
    int at = from;
    while (at < end && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /**
   * The first colon that may have a password behind it; -1: there is none.
   *
   * @param secret where a value begins that is one anyway
   */
  static int colonOfUser(String argument, int secret) {
    int scheme = argument.indexOf("://");
    if (scheme >= 0) {
      int from = scheme + 3;
      Matcher address = ADDRESS.matcher(argument).region(from, argument.length());
      boolean known =
          address.lookingAt()
              && !SLASH_BEHIND_AT
                  .matcher(argument)
                  .region(address.end(), Math.max(address.end(), secret))
                  .find();
      return argument.indexOf(':', known ? address.end() : from);
    }
    int colon = argument.indexOf(':');
    Matcher host = HOST_OF_COLONS.matcher(argument);
    while (colon >= 0 && host.find()) {
      if (host.start() <= colon && colon < host.end()) {
        colon = argument.indexOf(':', host.end());
      }
    }
    return colon;
  }
}
