package dev.belay.dataset;

import dev.belay.core.TableName;
import java.util.regex.Pattern;

/**
 * Which tables are meant: {@code schema.table}, with {@code *} for any letters and {@code ?} for
 * one; without a dot, of any schema.
 */
public final class TablePattern {
  private final String text;
  private final Pattern regex;

  private TablePattern(String text, Pattern regex) {
    this.text = text;
    this.regex = regex;
  }

  /** Reads one; every text is one. */
  public static TablePattern of(String text) {
    StringBuilder regex = new StringBuilder(text.contains(".") ? "" : ".*\\.");
    text.codePoints()
        .forEach(
            point ->
                regex.append(
                    switch (point) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(point));
                    }));
    return new TablePattern(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
  }

  /** Whether that table is meant. */
  public boolean matches(TableName table) {
    return regex.matcher(table.plain()).matches();
  }

  /** As it was given. */
  @Override
  public String toString() {
    return text;
  }
}
