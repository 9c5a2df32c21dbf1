package dev.belay.reconcile;

import dev.belay.diff.Decision;
import dev.belay.diff.Difference;
import dev.belay.diff.RowSample;
import dev.belay.report.Html;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row of a report's page: its key, why it is as it is, and its values side by side. */
final class RowView {
  private final Html html;
  private final String source;

  /**
   * @param source what the left side is called, such as {@code the backup}
   */
  RowView(Html html, String source) {
    this.html = html;
    this.source = source;
  }

  void show(RowSample row) {
    html.raw("<li class=\"row\"><p class=\"rowkey\">");
    for (Map.Entry<String, @Nullable String> part : row.key().entrySet()) {
      html.raw("<span class=\"part\"><bdi class=\"col\">").text(part.getKey()).raw("</bdi> ");
      value(part.getValue());
      html.raw("</span> ");
    }
    html.raw("<span class=\"why\">").text(why(row, source)).raw("</span></p>");
    if (row.kind() == Difference.Kind.CHANGED) {
      sides(row);
    } else {
      values(row);
    }
    html.raw("</li>");
  }

  /** A row of one side only, in few lines. */
  private void values(RowSample row) {
    html.raw("<p class=\"rowcells\">");
    for (RowSample.Cell cell : row.cells()) {
      if (!row.key().containsKey(cell.column())) {
        html.raw("<span class=\"part\"><bdi class=\"col\">").text(cell.column()).raw("</bdi> ");
        value(row.kind() == Difference.Kind.MISSING ? cell.source() : cell.target());
        html.raw("</span> ");
      }
    }
    html.raw("</p>");
  }

  private void sides(RowSample row) {
    html.raw("<table class=\"cells both\"><thead><tr><th scope=\"col\">column</th>");
    html.raw("<th scope=\"col\">in ").text(source).raw("</th>");
    html.raw("<th scope=\"col\">in the target</th></tr></thead><tbody>");
    for (RowSample.Cell cell : row.cells()) {
      html.raw("<tr><th scope=\"row\"><bdi>").text(cell.column()).raw("</bdi></th>");
      side(source, cell.source(), cell.target());
      side("the target", cell.target(), cell.source());
      html.raw("</tr>");
    }
    html.raw("</tbody></table>");
  }

  private void side(String name, @Nullable String value, @Nullable String other) {
    html.raw("<td data-side=").attribute("in " + name).raw(">");
    if (value == null || other == null || value.isEmpty() || other.isEmpty()) {
      value(value);
    } else {
      compared(value, other);
    }
    html.raw("</td>");
  }

  private void value(@Nullable String value) {
    if (value == null) {
      html.raw("<i class=\"null\">null</i>");
    } else if (value.isEmpty()) {
      html.raw("<i class=\"null\">empty text</i>");
    } else {
      html.raw("<bdi class=\"v\">").text(value).raw("</bdi>");
    }
  }

  /** Marks what lies between the beginning and the end that both have. */
  private void compared(String value, String other) {
    int[] mine = value.codePoints().toArray();
    int[] theirs = other.codePoints().toArray();
    int most = Math.min(mine.length, theirs.length);
    int begin = 0;
    while (begin < most && mine[begin] == theirs[begin]) {
      begin++;
    }
    int end = 0;
    while (end < most - begin && mine[mine.length - 1 - end] == theirs[theirs.length - 1 - end]) {
      end++;
    }
    html.raw("<bdi class=\"v\">").text(new String(mine, 0, begin));
    if (mine.length > begin + end) {
      html.raw("<mark>").text(new String(mine, begin, mine.length - begin - end)).raw("</mark>");
    }
    html.text(new String(mine, mine.length - end, end)).raw("</bdi>");
  }

  /** What happened to the row, as far as it is known. */
  static String why(RowSample row, String source) {
    return switch (row.kind()) {
      case MISSING -> missing(row, source);
      case EXTRA -> extra(row, source);
      case CHANGED -> changed(row, source);
    };
  }

  private static String missing(RowSample row, String source) {
    return switch (row.base()) {
      case UNKNOWN ->
          row.decision() == Decision.CONFLICT
              ? "it refers to a row that is not in the target, or is another one there"
              : "only " + source + " has it";
      case ABSENT ->
          row.decision() == Decision.ADD
              ? "written to " + source + " after the backup"
              : "written to "
                  + source
                  + " after the backup, and it refers to a row that is not in the target, or is"
                  + " another one there";
      case LIKE_SOURCE, LIKE_BOTH -> "the target deleted it since the backup";
      case LIKE_TARGET, OTHER -> source + " changed it, and the target deleted it";
    };
  }

  private static String extra(RowSample row, String source) {
    return switch (row.base()) {
      case UNKNOWN -> "only the target has it";
      case ABSENT -> "written to the target after the backup";
      case LIKE_TARGET, LIKE_BOTH -> source + " deleted it since the backup";
      case LIKE_SOURCE, OTHER -> source + " deleted it, and the target changed it";
    };
  }

  private static String changed(RowSample row, String source) {
    return switch (row.base()) {
      case UNKNOWN -> "both have it, with other values";
      case ABSENT -> "both gave this key to a new row of their own";
      case LIKE_SOURCE -> "only the target changed it";
      case LIKE_TARGET -> "only " + source + " changed it";
      case LIKE_BOTH -> "they differ in columns that the backup does not have";
      case OTHER -> "both changed it since the backup";
    };
  }
}
