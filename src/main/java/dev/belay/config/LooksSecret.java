package dev.belay.config;

import java.util.regex.Pattern;

/** What looks like a secret in a text, whatever it is about. */
final class LooksSecret {
  /** Where a secret lies is none: a file, whatever it is for. */
  static final String NO_FILE = "(?<![-_]file)(?<!passwordfile)(?-i:(?<!File))";

  /** Whoever has such a URL may write to the people behind it: all but the host is a secret. */
  private static final Pattern WEBHOOK =
      Pattern.compile(
          "(?i)(https?://(?:hooks\\.slack\\.com|discord(?:app)?\\.com/api/webhooks"
              + "|[\\w.-]{1,200}\\.webhook\\.office\\.com|events\\.pagerduty\\.com/integration)/)"
              + "[^\\s\"'<>]+");

  /** Where the web is concerned, a user without a password is a token. */
  private static final Pattern TOKEN_IN_URL =
      Pattern.compile("(?i)(https?://)[^/:@\\s\"'<>]{1,2000}@");

  /** What is found in plain text, and in markup, where a value ends at the next tag. */
  static final Named IN_TEXT = new Named("[^\\s&'\"]+", "[^\\s\"']+");

  static final Named IN_MARKUP = new Named("[^\\s'\"<>]+", "[^\\s\"'<>]+");

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
  static final Pattern USER_OPTION =
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
  record Named(Pattern assigned, Pattern authorization) {
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
      String shown = authorization.matcher(text).replaceAll("$1" + Masking.MASK);
      shown = assigned.matcher(shown).replaceAll("$1" + Masking.MASK);
      return IN_SQL.matcher(shown).replaceAll("$1" + Masking.MASK);
    }
  }

  private LooksSecret() {}

  /** A text without what looks like a secret. */
  static String without(String text, Named named) {
    String shown = text;
    if (shown.contains("://")) {
      shown = TOKEN_IN_URL.matcher(shown).replaceAll("$1" + Masking.MASK + "@");
      shown = WEBHOOK.matcher(shown).replaceAll("$1" + Masking.MASK);
    }
    shown = KNOWN_FORM.matcher(shown).replaceAll(Masking.MASK);
    shown = SCHEME.matcher(shown).replaceAll("$1" + Masking.MASK);
    if (shown.contains("-u")) {
      shown = USER_OPTION.matcher(shown).replaceAll("$1" + Masking.MASK);
    }
    return named.without(shown);
  }
}
