package dev.belay.incident;

import dev.belay.config.Masking;
import dev.belay.core.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Shows any JSON as tables and lists, as much of it as somebody would read. */
final class JsonView {
  private static final int MOST_ROWS = 200;
  private static final int MOST_COLUMNS = 10;
  private static final int DEEPEST = 5;
  private static final int LONGEST_CELL = 400;

  private final Safe html;
  private int budget = 4_000;
  private int tables;

  JsonView(Safe html) {
    this.html = html;
  }

  /** Shows an object below a heading of the second rank. */
  void show(JsonNode object) {
    object("answer", object, 0);
    if (budget <= 0) {
      html.element("p", "lead", "The rest is too long for a page; it is in the file.");
    }
  }

  private void object(String name, JsonNode object, int depth) {
    List<String> nested = new ArrayList<>();
    List<String> plain = new ArrayList<>();
    object
        .properties()
        .forEach(each -> (each.getValue().isContainer() ? nested : plain).add(each.getKey()));
    if (!plain.isEmpty()) {
      begin(name);
      html.raw("<tbody>");
      for (String key : plain) {
        if (budget-- > 0) {
          html.raw("<tr><th scope=\"row\">").text(words(key)).raw("</th><td>");
          html.text(value(key, object.path(key))).raw("</td></tr>");
        }
      }
      end();
    }
    for (String key : nested) {
      JsonNode child = object.path(key);
      if (child.isEmpty() || budget <= 0) {
        continue;
      }
      html.element(depth == 0 ? "h3" : "p", "sub", words(key));
      if (child.isArray() && Masking.soundsSecret(key)) {
        html.raw("<p class=\"v\">").text(Masking.MASK).raw("</p>");
      } else if (depth >= DEEPEST) {
        html.raw("<p class=\"v\">").text(cut(child)).raw("</p>");
      } else if (child.isObject()) {
        object(words(key), child, depth + 1);
      } else {
        array(words(key), child, depth + 1);
      }
    }
  }

  private void array(String name, JsonNode array, int depth) {
    boolean objects = true;
    for (JsonNode each : array) {
      objects &= each.isObject();
    }
    if (!objects) {
      List<String> shown = new ArrayList<>();
      for (JsonNode each : array) {
        if (shown.size() < MOST_ROWS && budget-- > 0) {
          shown.add(each.isValueNode() ? each.asString("") : cut(each));
        }
      }
      html.raw("<ul class=\"notes\">").elements("li", shown).raw("</ul>");
      more(array.size() - MOST_ROWS);
      return;
    }
    if (array.size() == 1) {
      object(name, array.get(0), depth);
      return;
    }
    Set<String> columns = new LinkedHashSet<>();
    for (JsonNode each : array) {
      for (var property : each.properties()) {
        if (columns.size() < MOST_COLUMNS) {
          columns.add(property.getKey());
        }
      }
    }
    begin(name);
    html.raw("<thead><tr>");
    columns.forEach(column -> html.raw("<th scope=\"col\">").text(words(column)).raw("</th>"));
    html.raw("</tr></thead><tbody>");
    Map<String, SecretLines> lines = new LinkedHashMap<>();
    columns.forEach(column -> lines.put(column, html.following()));
    int shown = 0;
    for (JsonNode each : array) {
      if (shown++ < MOST_ROWS && budget > 0) {
        html.raw("<tr>");
        for (Map.Entry<String, SecretLines> column : lines.entrySet()) {
          budget--;
          html.raw("<td>")
              .next(column.getValue(), value(column.getKey(), each.path(column.getKey())));
          html.raw("</td>");
        }
        html.raw("</tr>");
      }
    }
    end();
    more(array.size() - MOST_ROWS);
  }

  private void begin(String name) {
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    // Names of the program's own and of strangers alike: nothing but letters and digits.
    html.raw("table " + ++tables + " " + name.replaceAll("[^A-Za-z0-9 ]", "") + "\"><table>");
  }

  private void end() {
    html.raw("</tbody></table></div>");
  }

  private void more(int rows) {
    if (rows > 0) {
      html.element("p", "lead", "and " + Units.count(rows, "more", "more"));
    }
  }

  /** {@code durationMillis} as {@code duration}: what is left out shows in the value. */
  static String words(String key) {
    String plain = key.replaceAll("(?<=.)(Millis|Bytes)$", "");
    return plain.matches("[a-z][A-Za-z0-9]*")
        ? plain.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT)
        : key;
  }

  private static String value(String key, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "–";
    }
    if (Masking.soundsSecret(key) && !value.isBoolean()) {
      return Masking.MASK;
    }
    if (value.isContainer()) {
      return cut(value);
    }
    if (value.isBoolean()) {
      return value.asBoolean() ? "yes" : "no";
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      long number = value.asLong();
      if (key.toLowerCase(Locale.ROOT).endsWith("millis") && number >= 0) {
        return Units.duration(Duration.ofMillis(number));
      }
      return key.toLowerCase(Locale.ROOT).endsWith("bytes") && number >= 0
          ? Units.bytes(number)
          : Units.count(number);
    }
    return JournalFile.instant(value).map(Units::moment).orElseGet(() -> value.asString(""));
  }

  private static String cut(JsonNode node) {
    String text = node.toString();
    return text.length() <= LONGEST_CELL ? text : text.substring(0, LONGEST_CELL) + " …";
  }
}
