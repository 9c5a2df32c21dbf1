package dev.belay.conflicts;

import dev.belay.report.TextTable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes names and sentences so that no name can make Markdown of its own. */
final class Markdown {
  /** An underscore within a word changes nothing, and a name with backslashes is hard to read. */
  private static final Pattern SPECIAL =
      Pattern.compile(
          "[\\\\`*\\[\\]<>&|~#!$]|:(?=//)|(?<![\\p{L}\\p{N}_])_+|_+(?![\\p{L}\\p{N}_])");

  private static final Pattern TICKS = Pattern.compile("`+");

  private Markdown() {}

  /** A sentence, on one line, with all that is special escaped. */
  static String text(String sentence) {
    Matcher special = SPECIAL.matcher(TextTable.visible(sentence));
    return special.replaceAll(
        found -> {
          StringBuilder escaped = new StringBuilder();
          for (char each : found.group().toCharArray()) {
            escaped.append('\\').append(each);
          }
          return Matcher.quoteReplacement(escaped.toString());
        });
  }

  /** A name or command within a sentence. */
  static String code(String text) {
    String shown = TextTable.visible(text);
    String fence = fence(shown, 1);
    boolean apart = shown.startsWith("`") || shown.endsWith("`");
    return apart ? fence + " " + shown + " " + fence : fence + shown + fence;
  }

  /** How many backticks are needed around that text. */
  static String fence(String text, int least) {
    int longest =
        TICKS.matcher(text).results().mapToInt(run -> run.group().length()).max().orElse(0);
    return "`".repeat(Math.max(least, longest + 1));
  }
}
