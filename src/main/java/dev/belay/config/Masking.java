package dev.belay.config;

import dev.belay.report.TextTable;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
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

  /** Stands for a dollar sign; no text has that letter. */
  private static final char NO_VARIABLE = '\ufdd0';

  private static final String HEARTBEAT = "--heartbeat-url";
  private static final String SET = "--set";

  /** Where a secret lies is none: a file, whatever it is for. */
  private static final String NO_FILE = "(?<![-_]file)(?<!passwordfile)(?-i:(?<!File))";

  private static final String SECRET_NAME =
      "(?:password|passwd|passphrase|secret|token|api[-_]?key|routing[-_]?key|webhook"
          + "|private[-_]?key|credential|[a-z0-9]_pwd)[^=\\s&]{0,200}"
          + NO_FILE
          + "|(?<!by|com|tres)pass(?==)"
          + "|notify\\.channels\\.[^=\\s]{0,200}\\.(?:url|headers\\.)[^=\\s&]{0,200}";

  private static final Pattern SECRET_VALUE =
      Pattern.compile("(?is)((?:" + SECRET_NAME + ")\\s{0,8}=).*");

  /** Whoever has such a URL may write to the people behind it: all but the host is a secret. */
  private static final Pattern WEBHOOK =
      Pattern.compile(
          "(?i)(https?://(?:hooks\\.slack\\.com|discord(?:app)?\\.com/api/webhooks"
              + "|[\\w.-]{1,200}\\.webhook\\.office\\.com|events\\.pagerduty\\.com/integration)/)"
              + "[^\\s\"'<>]+");

  /** The setting that says where a secret lies, which is none. */
  private static final String PASSWORD_FILE = "passwordfile";

  /** A parameter of a URL whose name is percent-encoded, which reads it as any other. */
  private static final Pattern ENCODED_NAME =
      Pattern.compile("(?<=[?&])([^=&\\s?]{0,200}%[^=&\\s?]{0,200})=");

  private static final Pattern ENCODED_PARAMETER =
      Pattern.compile(ENCODED_NAME.pattern() + "[^\\s'\"]+");

  /** Of the part {@code notify}, what must not be shown beside what sounds so anyway. */
  private static final Pattern NOTIFYING =
      Pattern.compile("(?i)notify\\.channels\\.[^.]+\\.(url|headers\\..+)");

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
  private static final Pattern PORT =
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

  /** A variable of the shell: that is where a secret comes from, and none. */
  private static final String VARIABLE = "\\$(?:\\w+|\\{\\w+})";

  /** The same as {@link #PORT} in a script of the shell. */
  private static final Pattern PORT_IN_SCRIPT =
      Pattern.compile("(?:" + PORT.pattern() + "|" + VARIABLE + "@[^@\\s]*+(?!@))");

  /** The colons of an address are no user's. */
  private static final Pattern HOST_OF_COLONS =
      Pattern.compile(
          "(?i)(?:^|\\s)host(?:addr)?\\s{0,8}=\\s{0,8}'?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?=[\\s']|$)");

  /** An image of a container is no user with a password. */
  private static final Pattern IMAGE =
      Pattern.compile("[\\w./:-]{1,400}@sha(?:256|512):[0-9a-f]{4,128}");

  /** A user with a password in a script, where a colon in a sentence has a blank behind it. */
  private static final Pattern USER_IN_SCRIPT =
      Pattern.compile(
          "(?<![\\w./:@%+-])(?!jdbc:)([\\w.%+-]{1,100}:)(?!//|"
              + VARIABLE
              + "@[^@\\s]*+(?!@)|[\\w./:-]{1,400}@sha(?:256|512):[0-9a-f]{4,128}(?![\\w@]))"
              + "[^\\s'\"]{1,400}(?=@[\\w.\\[-])");

  private static final Pattern ASKS_FOR_SCRIPT = Pattern.compile("-\\w{0,8}c|--command");

  private static final Pattern RUNS_SCRIPTS =
      Pattern.compile("(?:.*/)?(?:(?:ba|da|a|k|z|fi)?sh|psql|su)");

  /** A script, or a sentence: more than one word, of which the first is no value of anything. */
  private static final Pattern SEVERAL_WORDS = Pattern.compile("(?s)\\s*[\\w./+-]+\\s.*\\S.*");

  /** Where the web is concerned, a user without a password is a token. */
  private static final Pattern TOKEN_IN_URL =
      Pattern.compile("(?i)(https?://)[^/:@\\s\"'<>]{1,2000}@");

  /** What is found in plain text, and in markup, where a value ends at the next tag. */
  private static final Named IN_TEXT = new Named("[^\\s&'\"]+", "[^\\s\"']+");

  private static final Named IN_MARKUP = new Named("[^\\s'\"<>]+", "[^\\s\"'<>]+");

  /** A lookahead at what is no secret. */
  private static final String SCRIPT_UNLESS =
      "(?!(\"?)(?:" + VARIABLE + "|\\$\\([^()'\"]{0,200}\\))\\2(?=[\"']?(?:[\\s;&|)]|$)))";

  private static final String SCRIPT_VALUE =
      "[^\\s'\"]+(?:(?<=\\\\)[ \\t'\"][^\\s'\"]{0,2000}){0,20}";

  private static final String SCRIPT_REST = "(?:(?:[\"'](?!\\s|$)|[^\\s;&|)'\"])(?s:.*))?";

  /**
   * What is found in a script of the shell. What goes on behind a closing quote, or where a quote
   * opens within a word, is of the same value, and nobody knows how far: all of it goes.
   */
  private static final Named IN_SCRIPT =
      new Named(SCRIPT_UNLESS, SCRIPT_VALUE, SCRIPT_REST, "[^\\s\"']+");

  /** The names of an option, which tell more than those of a text. */
  private static final Pattern OPTION_IN_SCRIPT =
      Pattern.compile(
          "(?i)((?:"
              + SECRET_NAME
              + ")=)(?!\\*{4})"
              + SCRIPT_UNLESS
              + "(?:'[^']{0,4000}'?|\"(?:[^\"\\\\]{1,4000}|\\\\.){0,200}\"?|"
              + SCRIPT_VALUE
              + ")"
              + SCRIPT_REST);

  /** Whether it is worth looking for {@link Named}, which takes longer. */
  private static final Pattern WORTH_LOOKING =
      Pattern.compile("(?i)pass|secret|token|key|credential|pwd|authorization");

  private static final Pattern IN_SQL =
      Pattern.compile("(?i)(\\bpassword\\s{1,8})(e?'(?:[^'\\\\]|\\\\.|''){0,800}'?)");

  /** What follows {@code basic} is Base64, and no word of a sentence. */
  private static final Pattern SCHEME =
      Pattern.compile(
          "(?i)(\\b(?:bearer\\s{1,4}|basic\\s{1,4}(?-i:(?=[a-z._~+/-]{0,200}[A-Z0-9=]))))"
              + "[A-Za-z0-9._~+/=-]{8,2000}");

  /**
   * A user with a password as a word of a command; two numbers are a user and a group, and a
   * variable of the shell is no secret.
   */
  private static final Pattern USER_OPTION =
      Pattern.compile(
          "((?:^|\\s)(?:-u|--user|--proxy-user)(?:\\s{1,4}|=)[\"']?"
              + "(?!\\d{1,10}:\\d{1,10}(?:\\s|$))[^\\s:\"'<>/]{1,200}:)(?![/$])[^\\s\"'<>]+");

  private static final Pattern KNOWN_FORM =
      Pattern.compile(
          "AGE-SECRET-KEY-1[A-Z0-9]{1,200}|\\bAKIA[A-Z0-9]{16}\\b|\\bxox[abprs]-[A-Za-z0-9-]{10,200}"
              + "|\\bgh[pousr]_[A-Za-z0-9]{20,200}|\\bSCRAM-SHA-256\\$[^\\s\"'<>]{1,400}");

  /**
   * Values beside a name that sounds secret.
   *
   * @param assigned behind an equals sign or a colon
   * @param authorization whatever its scheme is, and a word of its own or not
   */
  private record Named(Pattern assigned, Pattern authorization) {
    /**
     * @param value a character class: what a value without quotes is made of
     * @param word the same for a header, which may be a part of JSON
     */
    Named(String value, String word) {
      this("", value, "", word);
    }

    /**
     * @param unless a lookahead at a value that is no secret
     * @param rest what goes with a value, quoted or not
     */
    Named(String unless, String value, String rest, String word) {
      this(
          Pattern.compile(
              // Where a password lies is none.
              "(?i)((?:(?:password(?![-_]?file[\"']?\\s{0,8}[=:])|passwd|passphrase|secret|token"
                  + "|api[-_]?key|routing[-_]?key|private[-_]?key|license[-_]?key|credential)"
                  + "[\\w.-]{0,60}"
                  + NO_FILE
                  + "|(?<!by|com|tres)pass(?=[\"']?\\s{0,8}=|[\"']\\s{0,8}:)"
                  // PWD alone is where a shell is.
                  + "|(?:(?-i:pwd|Pwd)|(?<=_)pwd)(?=[\"']?\\s{0,8}[=:]))"
                  + "[\"']?\\s{0,8}[=:]\\s{0,8})"
                  + unless
                  + "('(?:[^'\\\\]{1,4000}|\\\\.){0,200}'?|\"(?:[^\"\\\\]{1,4000}|\\\\.){0,200}\"?"
                  + "|"
                  + value
                  + ")"
                  + rest),
          Pattern.compile(
              "(?i)(authorization[\"']?\\s{0,8}[=:]\\s{0,8}[\"']?)"
                  + word
                  + "(?:[ \\t]{1,8}"
                  + word
                  + ")?"));
    }

    String without(String text) {
      if (!WORTH_LOOKING.matcher(text).find()) {
        return text;
      }
      String shown = authorization.matcher(text).replaceAll("$1" + MASK);
      shown = assigned.matcher(shown).replaceAll("$1" + MASK);
      return IN_SQL.matcher(shown).replaceAll("$1" + MASK);
    }
  }

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
    return afterUser(before, isScript(earlier, word) ? script(word) : text(argument(word)));
  }

  /**
   * Whether it is a script or a statement, in which a value ends where its word does. Of anything
   * else with blanks nobody knows whether they belong to a value.
   */
  private static boolean isScript(List<String> earlier, String word) {
    if (word.chars().noneMatch(Character::isWhitespace)) {
      return false;
    }
    return SEVERAL_WORDS.matcher(word).matches()
        || (!earlier.isEmpty()
            && ASKS_FOR_SCRIPT.matcher(earlier.get(earlier.size() - 1)).matches()
            && earlier.stream().anyMatch(each -> RUNS_SCRIPTS.matcher(each).matches()));
  }

  private static String script(String script) {
    String shown = withoutPasswords(withoutQuotedVariables(script), PORT_IN_SCRIPT);
    if (shown.indexOf('@') >= 0) {
      shown = USER_IN_SCRIPT.matcher(shown).replaceAll("$1" + MASK);
    }
    shown = OPTION_IN_SCRIPT.matcher(looks(shown, IN_SCRIPT)).replaceAll("$1" + MASK);
    shown =
        ENCODED_PARAMETER
            .matcher(shown)
            .replaceAll(
                found ->
                    soundsSecret(decoded(found.group(1)))
                        ? Matcher.quoteReplacement(found.group(1) + "=" + MASK)
                        : Matcher.quoteReplacement(found.group()));
    return shown.replace(NO_VARIABLE, '$');
  }

  /** In single quotes a dollar sign is one, and a password may begin with it. */
  private static String withoutQuotedVariables(String script) {
    char[] letters = script.toCharArray();
    char open = 0;
    for (int at = 0; at < letters.length; at++) {
      char letter = letters[at];
      if (letter == '\\' && open != '\'') {
        at++;
      } else if (letter == open) {
        open = 0;
      } else if (open == 0 && (letter == '\'' || letter == '"')) {
        open = letter;
      } else if (open == '\'' && letter == '$') {
        letters[at] = NO_VARIABLE;
      }
    }
    return new String(letters);
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
    String shown = USER_OPTION.matcher(both + word).replaceFirst("$1" + MASK);
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
    return looks(withoutPasswords(text, PORT), IN_TEXT);
  }

  /**
   * A text of which nothing is known without what looks like a secret. Passwords in URLs are not
   * looked for: how far one reaches depends on the text.
   *
   * @param markup whether it is HTML, of which a tag ends a value
   */
  public static String guessed(String text, boolean markup) {
    return looks(text, markup ? IN_MARKUP : IN_TEXT);
  }

  private static String looks(String text, Named named) {
    String shown = text;
    if (shown.contains("://")) {
      shown = TOKEN_IN_URL.matcher(shown).replaceAll("$1" + MASK + "@");
      shown = WEBHOOK.matcher(shown).replaceAll("$1" + MASK);
    }
    shown = KNOWN_FORM.matcher(shown).replaceAll(MASK);
    shown = SCHEME.matcher(shown).replaceAll("$1" + MASK);
    if (shown.contains("-u")) {
      shown = USER_OPTION.matcher(shown).replaceAll("$1" + MASK);
    }
    return named.without(shown);
  }

  /**
   * The password of a URL ends at the last at-sign of the line, since people forget to encode one
   * in it. Where that is in a value whose name sounds secret, the value goes with it.
   *
   * @param open what may stand behind a host or a user and is no password
   */
  private static String withoutPasswords(String text, Pattern open) {
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
        shown.append(text, from, known ? secret.end() : matcher.end()).append(MASK);
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
    Matcher named = IN_TEXT.assigned().matcher(text).region(from, end).useTransparentBounds(true);
    while (named.find() && named.start(2) <= at) {
      open = Math.max(open, named.end() <= at && named.start() >= word ? behind : named.end());
    }
    Matcher encoded = ENCODED_NAME.matcher(text).region(from, at).useTransparentBounds(true);
    while (encoded.find()) {
      if (soundsSecret(decoded(encoded.group(1)))) {
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
    int colon = colonOfUser(argument, value);
    if (colon >= 0 && at > colon && value > colon) {
      shown = argument.substring(0, colon + 1) + MASK + (value <= at ? "" : argument.substring(at));
    }
    return SECRET_VALUE.matcher(withoutEncodedNames(shown)).replaceFirst("$1" + MASK);
  }

  /**
   * The first colon that may have a password behind it; -1: there is none.
   *
   * @param secret where a value begins that is one anyway
   */
  private static int colonOfUser(String argument, int secret) {
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

  /** Where the first value begins whose name sounds secret; behind the end: there is none. */
  private static int secretIn(String argument) {
    String open = withoutEncodedNames(argument);
    int encoded = open.equals(argument) ? argument.length() : open.length() - MASK.length();
    Matcher named = SECRET_VALUE.matcher(argument);
    return Math.min(encoded, named.find() ? named.end(1) : argument.length());
  }

  /** As behind a name that is not encoded, all that follows goes. */
  private static String withoutEncodedNames(String argument) {
    Matcher parameter = ENCODED_NAME.matcher(argument);
    while (parameter.find()) {
      if (soundsSecret(decoded(parameter.group(1)))) {
        return argument.substring(0, parameter.end()) + MASK;
      }
    }
    return argument;
  }

  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      // What it is cannot be known, so it is treated as a secret.
      return "password";
    }
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
