package dev.belay.gradual;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which statements only add something that no running application can notice, so that they may come
 * before the data is changed. Whatever is not known to be one is none.
 */
final class Additive {
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private static final List<Pattern> ADDING =
      List.of(
          Pattern.compile("create (unlogged )?table .*"),
          Pattern.compile("create (temp(orary)? )?sequence .*"),
          Pattern.compile("create (schema|type|domain|view|function|procedure|extension) .*"),
          Pattern.compile("comment on .*"),
          Pattern.compile("grant .*"));

  private static final Pattern COLUMN =
      Pattern.compile(
          "alter table (if exists )?(only )?\\S+( \\*)? add (column )?(if not exists )?.*");

  /**
   * A column of these is checked, filled or referred to at once, or must be written by everybody.
   */
  private static final Pattern BINDING =
      Pattern.compile(
          ".*\\b(not null|unique|primary key|references|check|constraint|generated|exclude|foreign key|(small|big)?serial[248]?)\\b.*|.*\\bdefault\\b[^,]*\\(.*");

  private static final Pattern LOOSENING =
      Pattern.compile(
          "alter table (if exists )?(only )?\\S+( \\*)? alter (column )?\\S+ drop not null");

  private Additive() {}

  /**
   * Whether it only adds.
   *
   * @param bare the statement without comments and without what stands in quotes
   */
  static boolean is(String bare) {
    String text = SPACES.matcher(bare.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    if (LOOSENING.matcher(text).matches()) {
      return true;
    }
    if (COLUMN.matcher(text).matches()) {
      return !BINDING.matcher(text).matches() && secondAction(text).isEmpty();
    }
    return ADDING.stream().anyMatch(pattern -> pattern.matcher(text).matches());
  }

  /** What comes after a comma that is not within parentheses. */
  private static Optional<String> secondAction(String text) {
    int depth = 0;
    for (int at = 0; at < text.length(); at++) {
      char here = text.charAt(at);
      depth += here == '(' ? 1 : here == ')' ? -1 : 0;
      if (here == ',' && depth == 0) {
        String rest = text.substring(at + 1).strip();
        return rest.matches("add (column )?(if not exists )?.*")
            ? secondAction(rest)
            : Optional.of(rest);
      }
    }
    return Optional.empty();
  }
}
