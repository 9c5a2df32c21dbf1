package dev.belay.emergency;

import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.util.List;
import java.util.regex.Pattern;

/** Tells hints that are a whole command from those that are sentences with one in it. */
final class Pasteable {
  private static final String BELAY = "belay ";

  /** As {@link ShellWords#psql} begins. */
  private static final String OF_STATEMENT = "psql -c ";

  /** Commands have at most so many words besides their options, such as an app and a migration. */
  private static final int MOST_WORDS = 3;

  private static final Pattern OF_PROSE = Pattern.compile(".*[,;:.]|.*[<>|&…].*|\\.\\.\\..*");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z-]*");

  private Pasteable() {}

  /** Whether it can be pasted as it is. */
  static boolean is(String hint) {
    List<String> words;
    try {
      words = ShellWords.split(hint);
    } catch (Failure prose) {
      return false;
    }
    if (words.size() < 2) {
      return false;
    }
    List<String> more = words.subList(1, words.size());
    return switch (words.get(0)) {
      case "belay" ->
          NAME.matcher(more.get(0)).matches()
              && more.stream().noneMatch(word -> OF_PROSE.matcher(word).matches())
              && bare(more) <= MOST_WORDS;
      case "psql" -> bare(more) == 0;
      default -> false;
    };
  }

  /** Words that are neither an option nor, as it stands behind one, its value. */
  private static long bare(List<String> words) {
    long bare = 0;
    String before = "";
    for (String word : words) {
      if (!word.startsWith("-") && !before.startsWith("-")) {
        bare++;
      }
      before = word;
    }
    return bare;
  }

  /**
   * A command of belay with more options, unless it has them; any other command as it is.
   *
   * @param options in words for a shell; empty: none
   */
  static String with(String command, String options) {
    return options.isEmpty() || !command.startsWith(BELAY) || command.endsWith(" " + options)
        ? command
        : command + " " + options;
  }

  /**
   * The same text, in which each statement for psql goes to that database.
   *
   * @param connection in libpq's form
   */
  static String connected(String text, String connection) {
    return text.replace(OF_STATEMENT, "psql -d %s -c ".formatted(ShellWords.quote(connection)));
  }
}
