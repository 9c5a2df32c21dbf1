package dev.belay.config;

import java.util.List;
import java.util.regex.Pattern;

/** Secrets in a script of the shell, or in a statement: there a value ends where its word does. */
final class ScriptSecrets {
  /** Stands for a dollar sign; no text has that letter. */
  private static final char NO_VARIABLE = '\ufdd0';

  /** A variable of the shell: that is where a secret comes from, and none. */
  private static final String VARIABLE = "\\$(?:\\w+|\\{\\w+})";

  /** The same as {@link UrlPasswords#PORT} in a script of the shell. */
  private static final Pattern PORT_IN_SCRIPT =
      Pattern.compile("(?:" + UrlPasswords.PORT.pattern() + "|" + VARIABLE + "@[^@\\s]*+(?!@))");

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

  /** A lookahead at what is no secret. */
  private static final String NO_SECRET =
      "(?!(\"?)(?:" + VARIABLE + "|\\$\\([^()'\"]{0,200}\\))\\2(?=[\"']?(?:[\\s;&|)]|$)))";

  private static final String VALUE = "[^\\s'\"]+(?:(?<=\\\\)[ \\t'\"][^\\s'\"]{0,2000}){0,20}";

  private static final String REST = "(?:(?:[\"'](?!\\s|$)|[^\\s;&|)'\"])(?s:.*))?";

  /**
   * What is found in a script of the shell. What goes on behind a closing quote, or where a quote
   * opens within a word, is of the same value, and nobody knows how far: all of it goes.
   */
  private static final LooksSecret.Named IN_SCRIPT =
      new LooksSecret.Named(NO_SECRET, VALUE, REST, "[^\\s\"']+");

  /** The names of an option, which tell more than those of a text. */
  private static final Pattern OPTION_IN_SCRIPT =
      Pattern.compile(
          "(?i)((?:"
              + Masking.SECRET_NAME
              + ")=)(?!\\*{4})"
              + NO_SECRET
              + "(?:'[^']{0,4000}'?|\"(?:[^\"\\\\]{1,4000}|\\\\.){0,200}\"?|"
              + VALUE
              + ")"
              + REST);

  private ScriptSecrets() {}

  /**
   * Whether a word of a command is a script or a statement. Of anything else with blanks nobody
   * knows whether they belong to a value.
   *
   * @param earlier the words before it
   */
  static boolean isOne(List<String> earlier, String word) {
    if (word.chars().noneMatch(Character::isWhitespace)) {
      return false;
    }
    return SEVERAL_WORDS.matcher(word).matches()
        || (!earlier.isEmpty()
            && ASKS_FOR_SCRIPT.matcher(earlier.get(earlier.size() - 1)).matches()
            && earlier.stream().anyMatch(each -> RUNS_SCRIPTS.matcher(each).matches()));
  }

  /** A script without its secrets. */
  static String without(String script) {
    String shown = UrlPasswords.without(withoutQuotedVariables(script), PORT_IN_SCRIPT);
    if (shown.indexOf('@') >= 0) {
      shown = USER_IN_SCRIPT.matcher(shown).replaceAll("$1" + Masking.MASK);
    }
    shown =
        OPTION_IN_SCRIPT
            .matcher(LooksSecret.without(shown, IN_SCRIPT))
            .replaceAll("$1" + Masking.MASK);
    shown = EncodedNames.withoutInScript(shown);
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
}
