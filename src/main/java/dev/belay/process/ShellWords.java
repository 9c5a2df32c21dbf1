package dev.belay.process;

import dev.belay.core.Failure;
import dev.belay.report.TextTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Quotes words for a POSIX shell, so that what is printed can be pasted. */
public final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

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
   * The same on one line, also when the word has several: what is printed has its line breaks, tabs
   * and invisible letters made visible, and would be another word when it is pasted. Line breaks at
   * the very end of the word are lost, as a shell loses those from what a command prints.
   *
   * <p>No double quote is within those around it: a shell would find its way, but nobody else who
   * looks for where the word ends. Nor is an exclamation mark, in which a shell that somebody types
   * into sees a command of before.
   */
  public static String onOneLine(String word) {
    if (TextTable.visible(word).equals(word)) {
      return quote(word);
    }
    StringBuilder format = new StringBuilder();
    word.codePoints().forEach(point -> format.append(inFormat(Character.toString(point))));
    return "\"$(printf %b '" + format + "')\"";
  }

  private static String inFormat(String letter) {
    return switch (letter) {
      case "\\" -> "\\\\";
      case "'" -> "'\\''";
      case "\n" -> "\\n";
      case "\t" -> "\\t";
      case "\"", "!" -> octal(letter);
      default -> TextTable.visible(letter).equals(letter) ? letter : octal(letter);
    };
  }

  /** Byte by byte, as {@code printf} reads it. */
  private static String octal(String letter) {
    StringBuilder bytes = new StringBuilder();
    for (byte each : letter.getBytes(StandardCharsets.UTF_8)) {
      bytes.append("\\0%03o".formatted(each & 0xff));
    }
    return bytes.toString();
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
