package dev.belay.core;

import java.util.regex.Pattern;

/**
 * Which tables are meant: {@code schema.table} with {@code *} for any letters and {@code ?} for
 * one; without a dot, a table of any schema.
 */
public final class TablePattern {
  private final String text;
  private final Pattern regex;

  private TablePattern(String text, Pattern regex) {
    this.text = text;
    this.regex = regex;
  }

  /**
   * Reads one.
   *
   * @throws Failure USAGE when it is empty
   */
  public static TablePattern of(String text) {
    if (text.isBlank()) {
      throw Failure.usage(
          "a pattern of tables is empty",
          "name a table as schema.table; * stands for any letters, ? for one");
    }
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

  /** Whether the table is meant. */
  public boolean matches(TableName table) {
    return matches(table.plain());
  }

  /** Whether the table of that plain name is meant. */
  public boolean matches(String plain) {
    return regex.matcher(plain).matches();
  }

  /** The failure when none is meant. */
  public Failure meansNone() {
    return Failure.usage(
        "no table is meant by '" + text + "'",
        "name a table as schema.table; * stands for any letters, ? for one");
  }

  /** As it was given. */
  @Override
  public String toString() {
    return text;
  }
}
