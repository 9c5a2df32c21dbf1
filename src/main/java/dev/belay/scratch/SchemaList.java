package dev.belay.scratch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The schemas that Flyway made, as its row of type SCHEMA lists them: quoted, with commas. */
final class SchemaList {
  private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|([^\",\\s]+)");

  private SchemaList() {}

  static List<String> parse(String text) {
    List<String> names = new ArrayList<>();
    Matcher matcher = NAME.matcher(text);
    while (matcher.find()) {
      String quoted = matcher.group(1);
      names.add(quoted == null ? matcher.group(2) : quoted.replace("\"\"", "\""));
    }
    return names;
  }
}
