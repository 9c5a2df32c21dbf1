package dev.belay.catalogue;

import dev.belay.core.Identifier;
import java.util.ArrayList;
import java.util.List;

/** Names and lists in the form of SQL, written and read. */
final class Sql {
  private Sql() {}

  /** A name, quoted. */
  static String name(String name) {
    return new Identifier(name).toString();
  }

  /** A name in a schema, both quoted. */
  static String name(String schema, String name) {
    return schema.isEmpty() ? name(name) : name(schema) + "." + name(name);
  }

  /** The relation, type or domain that a part is of, or the object itself. */
  static String relation(ObjectKey key) {
    return name(key.schema(), key.name());
  }

  /** A list of names as the server writes them, all quoted: {@code a.b, "c d".e}. */
  static List<String> names(String list) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int index = 0; index < list.length(); index++) {
      char each = list.charAt(index);
      if (each == '"') {
        boolean escaped = quoted && index + 1 < list.length() && list.charAt(index + 1) == '"';
        if (escaped) {
          word.append('"');
          index++;
        } else {
          quoted = !quoted;
        }
      } else if (!quoted && each == '.') {
        name.append(name(word.toString())).append('.');
        word.setLength(0);
      } else if (!quoted && each == ',') {
        names.add(name + name(word.toString()));
        name.setLength(0);
        word.setLength(0);
      } else if (quoted || each != ' ') {
        word.append(each);
      }
    }
    if (word.length() > 0) {
      names.add(name + name(word.toString()));
    }
    return names;
  }

  /** Options that stand on lines of their own, as one list. */
  static String list(String lines) {
    return String.join(", ", lines.split("\n", -1));
  }

  /** Lines of options without their values. */
  static List<String> optionNames(String lines, char between) {
    return lines.isEmpty()
        ? List.of()
        : lines.lines().map(line -> line.substring(0, Math.max(0, line.indexOf(between)))).toList();
  }
}
