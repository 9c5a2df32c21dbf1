package dev.belay.flyway;

import dev.belay.config.Nearest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the lines {@code -- belay:requires V17, R__views} of a script. A line counts when it is
 * nothing but such a comment, wherever it stands.
 */
final class RequirementLines {
  private static final String KEYWORD = "requires";
  private static final Pattern COMMENT = Pattern.compile("\\s*--\\s*belay:(\\w*)(.*)");

  /** A comment that is longer names nothing: a dump may have all its rows in one line. */
  private static final int LONGEST = 10_000;

  /**
   * One such line.
   *
   * @param number counted from 1
   * @param names what it names, as written; empty: nothing
   * @param understood whether it says {@code requires}, and not something that only looks like it
   */
  record Line(int number, List<String> names, boolean understood) {}

  private RequirementLines() {}

  /** The lines of a script that declare something. */
  static List<Line> read(Path file, Charset encoding) throws IOException {
    List<Line> found = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int number = 1;
    try (Reader reader = new BufferedReader(ScriptText.open(file, encoding))) {
      for (int next = reader.read(); next >= 0; next = reader.read()) {
        if (next == '\n') {
          add(line, number++, found);
          line.setLength(0);
        } else if (line.length() < LONGEST && next != '\uFEFF') {
          line.append((char) next);
        }
      }
    }
    add(line, number, found);
    return found;
  }

  private static void add(StringBuilder line, int number, List<Line> found) {
    Matcher comment = COMMENT.matcher(line.toString().stripTrailing());
    if (!comment.matches()) {
      return;
    }
    String keyword = comment.group(1);
    if (keyword.equals(KEYWORD)) {
      found.add(new Line(number, names(comment.group(2)), true));
    } else if (Nearest.distance(keyword, KEYWORD) <= 2) {
      found.add(new Line(number, List.of(keyword), false));
    }
  }

  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    String list = text.startsWith(":") ? text.substring(1) : text;
    for (String name : list.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }
}
