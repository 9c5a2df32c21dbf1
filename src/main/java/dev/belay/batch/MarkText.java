package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words of one line {@code -- belay:…}: names with values, such as {@code table="a b"."c"
 * key=id,"x y" up=(upper(a))}.
 */
final class MarkText {
  private final String where;
  private final String kind;
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Reads it.
   *
   * @param script and line, for messages
   * @param text the comment without its dashes, such as {@code belay:batch table=…}
   * @throws Failure REFUSED when it cannot be read
   */
  MarkText(String script, int line, String text) {
    this.where = script + ", line " + line;
    String words = text.strip().substring("belay:".length());
    int blank = 0;
    while (blank < words.length() && !Character.isWhitespace(words.charAt(blank))) {
      blank++;
    }
    this.kind = words.substring(0, blank);
    read(words, blank);
  }

  String kind() {
    return kind;
  }

  /** Refuses every name that is not one of these. */
  void only(Set<String> known) {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw wrong("'%s' is not known; known are %s".formatted(name, String.join(", ", known)));
      }
    }
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  String required(String name) {
    return value(name).orElseThrow(() -> wrong("%s=… is missing".formatted(name)));
  }

  /** A table with its schema. */
  TableName table(String name) {
    List<String> parts = names(name, required(name), '.');
    if (parts.size() != 2) {
      throw wrong("%s=%s is not schema.table".formatted(name, required(name)));
    }
    return new TableName(parts.get(0), parts.get(1));
  }

  /** Names with commas between them. */
  List<String> columns(String name) {
    return names(name, required(name), ',');
  }

  /** One name. */
  String identifier(String name) {
    List<String> parts = names(name, required(name), ',');
    if (parts.size() != 1) {
      throw wrong("%s=%s is not one name".formatted(name, required(name)));
    }
    return parts.get(0);
  }

  /** What stands between the parentheses of a value. */
  Optional<String> expression(String name) {
    Optional<String> value = value(name);
    if (value.isPresent() && !value.get().startsWith("(")) {
      throw wrong(
          "%s=%s is not an expression in parentheses, such as %s=(upper(a))"
              .formatted(name, value.get(), name));
    }
    return value.map(text -> text.substring(1, text.length() - 1).strip());
  }

  Failure wrong(String what) {
    return Failure.refused(
        "%s: belay:%s: %s".formatted(where, kind, what),
        "mend the line; how such a line is written: docs/gradual.md");
  }

  private void read(String words, int from) {
    int at = from;
    while (at < words.length()) {
      if (Character.isWhitespace(words.charAt(at))) {
        at++;
        continue;
      }
      int equals = words.indexOf('=', at);
      String name = equals < 0 ? words.substring(at).strip() : words.substring(at, equals).strip();
      if (equals < 0 || name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
        throw wrong("'%s' is not name=value".formatted(words.substring(at).strip()));
      }
      int end = endOfValue(words, equals + 1);
      String value = words.substring(equals + 1, end);
      if (value.isEmpty()) {
        throw wrong("%s= has no value".formatted(name));
      }
      if (values.put(name, value) != null) {
        throw wrong("%s= is there twice".formatted(name));
      }
      at = end;
    }
  }

  /** A blank ends a value, unless it is in quotes or parentheses. */
  private int endOfValue(String words, int begin) {
    int depth = 0;
    char quote = 0;
    for (int at = begin; at < words.length(); at++) {
      char here = words.charAt(at);
      if (quote != 0) {
        quote = here == quote ? 0 : quote;
      } else if (here == '"' || here == '\'') {
        quote = here;
      } else if (here == '(') {
        depth++;
      } else if (here == ')') {
        depth--;
        if (depth < 0) {
          throw wrong("there is a ) too many");
        }
      } else if (depth == 0 && Character.isWhitespace(here)) {
        return at;
      }
    }
    if (quote != 0 || depth != 0) {
      throw wrong("a quote or a parenthesis is not closed");
    }
    return words.length();
  }

  /** As the server reads names: what is not in quotes is in lower case. */
  private List<String> names(String name, String value, char separator) {
    List<String> names = new ArrayList<>();
    int at = 0;
    while (true) {
      StringBuilder part = new StringBuilder();
      if (at < value.length() && value.charAt(at) == '"') {
        at++;
        while (at < value.length()) {
          if (value.charAt(at) != '"') {
            part.append(value.charAt(at++));
          } else if (at + 1 < value.length() && value.charAt(at + 1) == '"') {
            part.append('"');
            at += 2;
          } else {
            break;
          }
        }
        at++;
      } else {
        int begin = at;
        while (at < value.length() && value.charAt(at) != separator && value.charAt(at) != '"') {
          at++;
        }
        part.append(value.substring(begin, at).toLowerCase(Locale.ROOT));
      }
      if (part.isEmpty()) {
        throw wrong("%s=%s has an empty name".formatted(name, value));
      }
      names.add(part.toString());
      if (at >= value.length()) {
        return List.copyOf(names);
      }
      if (value.charAt(at) != separator) {
        throw wrong("%s=%s cannot be read".formatted(name, value));
      }
      at++;
    }
  }
}
