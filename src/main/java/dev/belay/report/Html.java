package dev.belay.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * Writes HTML. Only {@link #raw} takes markup, which is always this program's own; every text, name
 * and value goes through {@link #text} and can be nothing but text.
 */
public final class Html {
  private final Appendable into;

  public Html(Appendable into) {
    this.into = into;
  }

  /** Markup of this program's own. */
  public Html raw(String markup) {
    append(markup);
    return this;
  }

  /**
   * Any text, whatever is in it: what cannot be seen, or would turn the line, is shown as a code.
   */
  public Html text(String text) {
    text.codePoints().forEach(this::point);
    return this;
  }

  /** A value of an attribute, between quotes. What cannot be seen is left out of it. */
  public Html attribute(String text) {
    append("\"");
    text.codePoints()
        .forEach(
            point -> {
              if (!isHidden(point)) {
                character(point);
              }
            });
    append("\"");
    return this;
  }

  /** An element with nothing but text in it. */
  public Html element(String tag, String className, String text) {
    append("<" + tag + (className.isEmpty() ? "" : " class=\"" + className + "\"") + ">");
    text(text);
    append("</" + tag + ">");
    return this;
  }

  private void point(int point) {
    if (point == '\n') {
      append("<i class=\"code\">\\n</i>\n");
    } else if (isHidden(point)) {
      append("<i class=\"code\">" + code(point) + "</i>");
    } else {
      character(point);
    }
  }

  private void character(int point) {
    switch (point) {
      case '&' -> append("&amp;");
      case '<' -> append("&lt;");
      case '>' -> append("&gt;");
      case '"' -> append("&quot;");
      case '\'' -> append("&#39;");
      default -> append(Character.toString(point));
    }
  }

  private static String code(int point) {
    return switch (point) {
      case '\t' -> "\\t";
      case '\r' -> "\\r";
      default -> String.format(Locale.ROOT, point > 0xffff ? "\\u{%x}" : "\\u%04x", point);
    };
  }

  private static boolean isHidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  private void append(String text) {
    try {
      into.append(text);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
