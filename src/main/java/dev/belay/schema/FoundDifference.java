package dev.belay.schema;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.catalogue.Difference;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One object that is not as it should be.
 *
 * @param kind such as {@code table} or {@code materialized view}
 * @param schema its schema; empty for what is in none
 * @param name its name; of a part the name of what it is a part of
 * @param part the name of the part, such as a column; empty when it is none
 * @param object all of that for people
 * @param properties what is different, sorted by name; empty for what is missing or orphaned
 */
public record FoundDifference(
    String kind,
    String schema,
    String name,
    String part,
    String object,
    List<FoundProperty> properties) {
  private static final int LONGEST = 160;

  public FoundDifference {
    properties = List.copyOf(properties);
  }

  /** What a property should be and is; empty where it should not be there or is not. */
  public record FoundProperty(
      String property, Optional<String> expected, Optional<String> actual) {}

  /** Whether only the columns are in another order. */
  @JsonIgnore
  public boolean isColumnOrderOnly() {
    return !properties.isEmpty()
        && properties.stream().allMatch(each -> each.property().equals(Difference.COLUMN_ORDER));
  }

  static FoundDifference of(Difference difference) {
    return new FoundDifference(
        difference.key().kind().word(),
        difference.key().schema(),
        difference.key().name(),
        difference.key().member(),
        difference.key().toString(),
        difference.properties().stream()
            .map(each -> new FoundProperty(each.property(), each.expected(), each.actual()))
            .toList());
  }

  /** For a person: what it is, and below it each property with both values. */
  @JsonIgnore
  List<String> lines(String group) {
    List<String> lines = new ArrayList<>();
    lines.add("  %-9s  %s".formatted(group, TextTable.visible(object)));
    for (FoundProperty each : properties) {
      List<String> expected = values(each.expected());
      List<String> actual = values(each.actual());
      int line = 0;
      while (line < expected.size()
          && line < actual.size()
          && expected.get(line).equals(actual.get(line))) {
        line++;
      }
      String where = expected.size() > 1 || actual.size() > 1 ? ", line " + (line + 1) : "";
      lines.add("             " + each.property() + where + ":");
      lines.add("               expected: " + shown(expected, line));
      lines.add("               is:       " + shown(actual, line));
    }
    return lines;
  }

  private static List<String> values(Optional<String> value) {
    return value.map(text -> List.of(text.split("\n", -1))).orElse(List.of());
  }

  private static String shown(List<String> lines, int line) {
    if (lines.isEmpty()) {
      return "none";
    }
    if (line >= lines.size()) {
      return "(no such line)";
    }
    String text = TextTable.visible(lines.get(line));
    return text.length() > LONGEST
        ? text.substring(
                0,
                text.offsetByCodePoints(
                    0, Math.min(LONGEST, text.codePointCount(0, text.length()))))
            + "…"
        : text;
  }
}
