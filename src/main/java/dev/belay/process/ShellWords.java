package dev.belay.process;

import dev.belay.core.Failure;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Quotes words for a POSIX shell, so that what is printed can be pasted. */
public final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private static final char DELETE = 127;

  private ShellWords() {}

  /** The words, each quoted where it must be, with blanks between them. */
  public static String join(List<String> words) {
    return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
  }

  /** The command that runs a statement, or a command of psql, whatever names stand in it. */
  public static String psql(String statement) {
    return "psql -c " + quote(statement);
  }

  /**
   * The same for a statement that the role of this run may not run: whoever pastes it is to be
   * another one, so that no user is ever put into it.
   */
  public static String psqlOfOther(String statement) {
    return "psql --command " + quote(statement);
  }

  /** One word: as it is when it holds nothing that a shell would see, else in single quotes. */
  public static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /**
   * The same on one line, also when the word has several: what is printed has its line breaks and
   * tabs made visible, and would be another word when it is pasted. Those at the very end of the
   * word are lost, as a shell loses them from what a command prints.
   */
  public static String onOneLine(String word) {
    if (word.chars().noneMatch(Character::isISOControl)) {
      return quote(word);
    }
    StringBuilder format = new StringBuilder();
    for (int at = 0; at < word.length(); at++) {
      char letter = word.charAt(at);
      format.append(
          switch (letter) {
            case '\\' -> "\\\\";
            case '\'' -> "'\\''";
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            default ->
                letter < ' ' || letter == DELETE
                    ? "\\0%03o".formatted((int) letter)
                    : String.valueOf(letter);
          });
    }
    return "\"$(printf %b '" + format + "')\"";
  }

  /**
   * The words of a command line as a POSIX shell would see them, by quotes and backslashes alone:
   * nothing is put in for variables or patterns.
   *
   * @throws Failure USAGE when a quote is not closed, or something stands in it that only a shell
   *     could do
   */
  public static List<String> split(String line) {
    return new WordSplitting(line).words();
  }
}
