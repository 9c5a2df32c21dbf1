package dev.belay.config;

import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Takes secrets out of text that is about to be shown or logged. */
public final class Masking {
  /** What stands where a secret was, whatever its length. */
  public static final String MASK = "****";

  private static final int SHORTEST_SECRET = 4;

  private static final String HEARTBEAT = "--heartbeat-url";
  private static final String SET = "--set";

  /** Names in a URL, an option or a setting. */
  static final String SECRET_NAME =
      "(?:password|passwd|passphrase|secret|token|api[-_]?key|routing[-_]?key|webhook"
          + "|private[-_]?key|credential|[a-z0-9]_pwd)[^=\\s&]{0,200}"
          + LooksSecret.NO_FILE
          + "|(?<!by|com|tres)pass(?==)"
          + "|notify\\.channels\\.[^=\\s]{0,200}\\.(?:url|headers\\.)[^=\\s&]{0,200}";

  private static final Pattern SECRET_VALUE =
      Pattern.compile("(?is)((?:" + SECRET_NAME + ")\\s{0,8}=).*");

  /** The setting that says where a secret lies, which is none. */
  private static final String PASSWORD_FILE = "passwordfile";

  /** Of the part {@code notify}, what must not be shown beside what sounds so anyway. */
  private static final Pattern NOTIFYING =
      Pattern.compile("(?i)notify\\.channels\\.[^.]+\\.(url|headers\\..+)");

  /** An image of a container is no user with a password. */
  private static final Pattern IMAGE =
      Pattern.compile("[\\w./:-]{1,400}@sha(?:256|512):[0-9a-f]{4,128}");

  private Masking() {}

  /** A command line on one line, with blanks between its words, without its secrets. */
  public static String commandLine(List<String> words) {
    return words(words).stream().map(TextTable::visible).collect(Collectors.joining(" "));
  }

  /** The words of a command without its secrets, also where one is a word of its own. */
  public static List<String> words(List<String> words) {
    List<String> shown = new ArrayList<>();
    for (int at = 0; at < words.size(); at++) {
      shown.add(word(words.subList(0, at), words.get(at)));
    }
    return shown;
  }

  private static String word(List<String> earlier, String word) {
    String before = earlier.isEmpty() ? "" : earlier.get(earlier.size() - 1);
    if (before.equals(SET)) {
      return setting(word);
    }
    if (word.startsWith(SET + "=")) {
      return SET + "=" + setting(word.substring(SET.length() + 1));
    }
    // The address of a heartbeat is its secret: whoever knows it can send one.
    if (word.startsWith(HEARTBEAT + "=")) {
      return HEARTBEAT + "=" + MASK;
    }
    if (isFollowedBySecret(before) && !word.startsWith("--")) {
      return MASK;
    }
    return afterUser(
        before,
        ScriptSecrets.isOne(earlier, word) ? ScriptSecrets.without(word) : text(argument(word)));
  }

  /**
   * A setting without its secret, which is one by its name or by what it looks like.
   *
   * @param setting as {@code --set} takes it: {@code name=value}
   */
  public static String setting(String setting) {
    int equals = setting.indexOf('=');
    String name = equals < 0 ? "" : setting.substring(0, equals);
    if (Known.plain(name).equals(PASSWORD_FILE)) {
      return setting;
    }
    return soundsSecret(name) ? name + "=" + MASK : text(argument(setting));
  }

  /** A user and a password, as curl takes them. */
  private static String afterUser(String option, String word) {
    if (!option.matches("-u|--user|--proxy-user")) {
      return word;
    }
    String both = option + " ";
    String shown = LooksSecret.USER_OPTION.matcher(both + word).replaceFirst("$1" + MASK);
    return shown.equals(both + word) ? word : word.substring(0, word.indexOf(':') + 1) + MASK;
  }

  /** Where a secret lies is none. */
  private static boolean isFollowedBySecret(String option) {
    return option.startsWith("-")
        && !option.startsWith("--no-")
        && !option.contains("=")
        && !option.contains(" ")
        && !option.endsWith("-file")
        && soundsSecret(option);
  }

  /** A message in which an argument may be quoted, without its secrets. */
  public static String text(String text) {
    return LooksSecret.without(UrlPasswords.without(text, UrlPasswords.PORT), LooksSecret.IN_TEXT);
  }

  /**
   * A text of which nothing is known without what looks like a secret. Passwords in URLs are not
   * looked for: how far one reaches depends on the text.
   *
   * @param markup whether it is HTML, of which a tag ends a value
   */
  public static String guessed(String text, boolean markup) {
    return LooksSecret.without(text, markup ? LooksSecret.IN_MARKUP : LooksSecret.IN_TEXT);
  }

  /**
   * One argument without its secrets. What stands between the first colon of a URL's user part and
   * its last {@code @} goes whole, so that an {@code @} in a password betrays nothing. A name that
   * sounds secret may stand between them: then the value of the name may hold the {@code @}, or the
   * password the name, and all goes.
   */
  public static String argument(String argument) {
    if (IMAGE.matcher(argument).matches()) {
      return argument;
    }
    String shown = argument;
    int at = argument.lastIndexOf('@');
    int value = secretIn(argument);
    int colon = UrlPasswords.colonOfUser(argument, value);
    if (colon >= 0 && at > colon && value > colon) {
      shown = argument.substring(0, colon + 1) + MASK + (value <= at ? "" : argument.substring(at));
    }
    return SECRET_VALUE.matcher(EncodedNames.without(shown)).replaceFirst("$1" + MASK);
  }

  /** Where the first value begins whose name sounds secret; behind the end: there is none. */
  private static int secretIn(String argument) {
    String open = EncodedNames.without(argument);
    int encoded = open.equals(argument) ? argument.length() : open.length() - MASK.length();
    Matcher named = SECRET_VALUE.matcher(argument);
    return Math.min(encoded, named.find() ? named.end(1) : argument.length());
  }

  /**
   * A text without the values of the settings whose names sound secret, such as a statement into
   * which placeholders were put; values of less than four characters are left, for they are in any
   * text.
   */
  public static String without(Map<String, String> settings, String text) {
    String shown = text;
    List<String> secrets =
        settings.entrySet().stream()
            .filter(setting -> soundsSecret(setting.getKey()))
            .map(Map.Entry::getValue)
            .filter(value -> value.length() >= SHORTEST_SECRET)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    for (String secret : secrets) {
      shown = shown.replace(secret, MASK);
    }
    return shown;
  }

  /** Whether a name sounds as if its value were nobody's business. */
  public static boolean soundsSecret(String name) {
    String plain = Known.plain(name.toLowerCase(Locale.ROOT));
    return plain.contains("password")
        || plain.contains("passwd")
        || plain.contains("passphrase")
        || isShortForPassword(name, plain)
        || plain.contains("secret")
        || plain.contains("token")
        || plain.contains("apikey")
        || plain.contains("licensekey")
        || plain.contains("credential")
        || plain.contains("webhook")
        || plain.contains("heartbeaturl")
        || plain.contains("privatekey")
        || plain.contains("routingkey")
        || NOTIFYING.matcher(name).matches();
  }

  /** {@code PWD} alone is where a shell is, and {@code PGPASSFILE} where a file is. */
  private static boolean isShortForPassword(String name, String plain) {
    return (plain.endsWith("pass")
            && !plain.endsWith("bypass")
            && !plain.endsWith("compass")
            && !plain.endsWith("trespass"))
        || (plain.endsWith("pwd") && !name.equals("PWD") && !name.equals("OLDPWD"));
  }

  /**
   * The value, or the mask where the name sounds secret; what a URL hides is hidden in any case.
   */
  static String shown(String name, String value) {
    if (value.isEmpty()) {
      return value;
    }
    if (NOTIFYING.matcher(name).matches() && value.startsWith("http")) {
      return withoutPath(value);
    }
    return soundsSecret(name) ? MASK : value.contains("://") ? argument(value) : value;
  }

  /** A URL of which the host is shown and nothing else. */
  private static String withoutPath(String url) {
    int from = url.indexOf("://") + 3;
    int end = from < 3 ? -1 : url.indexOf('/', from);
    String host = from < 3 ? "" : url.substring(from, end < 0 ? url.length() : end);
    // A variable, a user or a query in the place of the host betrays what follows it.
    return host.isEmpty() || !host.matches("[\\w.:\\[\\]-]+")
        ? MASK
        : url.substring(0, from) + host + (end < 0 || end == url.length() - 1 ? "" : "/" + MASK);
  }
}
