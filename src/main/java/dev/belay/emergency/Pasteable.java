package dev.belay.emergency;

import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Tells hints that are a whole command from those that are sentences with one in it. */
final class Pasteable {
  /** Commands have at most so many words besides their options, such as an app and a migration. */
  private static final int MOST_WORDS = 3;

  private static final Set<String> OF_DATABASE = Set.of("--url", "-d", "--config", "--set");

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
              && withoutDatabase(more).stream().noneMatch(word -> OF_PROSE.matcher(word).matches())
              && bare(more) <= MOST_WORDS;
      case "psql" -> bare(more) == 0;
      default -> false;
    };
  }

  /** Without what says which database it is, which may hold any letter. */
  private static List<String> withoutDatabase(List<String> words) {
    return IntStream.range(0, words.size())
        .filter(at -> at == 0 || !OF_DATABASE.contains(words.get(at - 1)))
        .mapToObj(words::get)
        .toList();
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
}
