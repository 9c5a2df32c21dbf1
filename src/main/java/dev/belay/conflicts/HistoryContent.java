package dev.belay.conflicts;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a history table holds, each value as PostgreSQL writes it, so that it comes back exactly
 * as it was, whatever columns there are.
 *
 * @param rows in the order of their ranks; each with one value for each column
 */
record HistoryContent(List<Column> columns, List<List<@Nullable String>> rows) {
  private static final String RANK = "installed_rank";

  HistoryContent {
    columns = List.copyOf(columns);
    List<List<@Nullable String>> copy = new ArrayList<>();
    for (List<@Nullable String> row : rows) {
      copy.add(Collections.unmodifiableList(new ArrayList<>(row)));
    }
    rows = Collections.unmodifiableList(copy);
  }

  /**
   * A column.
   *
   * @param type as PostgreSQL writes it
   */
  record Column(String name, String type) {}

  /** In what this differs from another, as steps that lead from this to the other. */
  List<String> stepsTo(HistoryContent other) {
    Map<Integer, List<@Nullable String>> mine = byRank();
    Map<Integer, List<@Nullable String>> theirs = other.byRank();
    List<String> steps = new ArrayList<>();
    mine.forEach(
        (rank, row) -> {
          List<@Nullable String> there = theirs.get(rank);
          if (there == null) {
            steps.add("remove row %d: %s".formatted(rank, words(row)));
          } else if (!there.equals(row)) {
            steps.add("row %d: %s".formatted(rank, changes(row, there)));
          }
        });
    theirs.forEach(
        (rank, row) -> {
          if (!mine.containsKey(rank)) {
            steps.add("add row %d: %s".formatted(rank, other.words(row)));
          }
        });
    return steps;
  }

  private String changes(List<@Nullable String> from, List<@Nullable String> to) {
    List<String> changes = new ArrayList<>();
    for (int index = 0; index < columns.size(); index++) {
      if (!java.util.Objects.equals(from.get(index), to.get(index))) {
        changes.add(
            "%s %s becomes %s"
                .formatted(
                    columns.get(index).name(), shown(from.get(index)), shown(to.get(index))));
      }
    }
    return String.join(", ", changes);
  }

  private String words(List<@Nullable String> row) {
    String type = value(row, "type");
    return "%s %s (%s)"
        .formatted(
            type == null ? "" : type,
            shown(value(row, "script")),
            "true".equals(value(row, "success")) ? "success" : "failed");
  }

  private @Nullable String value(List<@Nullable String> row, String column) {
    int index = indexOf(column);
    return index < 0 ? null : row.get(index);
  }

  private static String shown(@Nullable String value) {
    return value == null ? "null" : "'" + value + "'";
  }

  private Map<Integer, List<@Nullable String>> byRank() {
    int rank = indexOf(RANK);
    Map<Integer, List<@Nullable String>> ranked = new TreeMap<>();
    for (List<@Nullable String> row : rows) {
      ranked.put(Integer.parseInt(String.valueOf(row.get(rank))), row);
    }
    return ranked;
  }

  private int indexOf(String name) {
    for (int index = 0; index < columns.size(); index++) {
      if (columns.get(index).name().equals(name)) {
        return index;
      }
    }
    return -1;
  }
}
