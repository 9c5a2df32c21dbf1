package dev.belay.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Columns of text, each as wide as its widest cell. Control characters of names are made visible.
 */
public final class TextTable {
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(String... head) {
    this.head = List.of(head);
  }

  /** Adds a row with one cell per column. */
  public TextTable row(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException("a row needs " + head.size() + " cells");
    }
    List<String> shown = new ArrayList<>();
    for (String cell : cells) {
      shown.add(visible(cell));
    }
    rows.add(shown);
    return this;
  }

  /** The table as lines, the head first; only the head where there is no row. */
  public List<String> lines() {
    int[] widths = new int[head.size()];
    List<List<String>> all = new ArrayList<>();
    all.add(head);
    all.addAll(rows);
    for (List<String> row : all) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
    }
    return all.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      line.append(cell);
      if (column < widths.length - 1) {
        line.append(" ".repeat(widths[column] - width(cell) + 2));
      }
    }
    return line.toString().stripTrailing();
  }

  private static int width(String cell) {
    return cell.codePoints().map(DisplayWidth::of).sum();
  }

  /**
   * The text with line ends, tabs, other control characters and those that change the direction or
   * are invisible written as escapes, so that a name can neither break a line nor pretend to be
   * another.
   */
  public static String visible(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (isHidden(point)) {
                shown.append(
                    point > 0xffff
                        ? String.format("\\u{%x}", point)
                        : String.format("\\u%04x", point));
              } else {
                shown.appendCodePoint(point);
              }
            });
    return shown.toString();
  }

  private static boolean isHidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
