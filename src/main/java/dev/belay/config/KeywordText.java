package dev.belay.config;

import dev.belay.core.Failure;

/** Reads libpq's {@code key=value key='other value'} form, with its quotes and backslashes. */
final class KeywordText {
  private static final String HINT =
      "write it like host=db1 dbname=orders user=app, and put single quotes around values with"
          + " spaces";

  private final String text;
  private final String source;
  private int at;

  KeywordText(String text, String source) {
    this.text = text;
    this.source = source;
  }

  Parts parse() {
    Parts parts = new Parts();
    skipBlanks();
    while (at < text.length()) {
      String name = name();
      String value = value();
      boolean printable = !parts.has(ConnectionPart.PASSWORD);
      Keywords.take(parts, name, value, false, printable, source);
      skipBlanks();
    }
    return parts;
  }

  private String name() {
    int from = at;
    while (at < text.length() && text.charAt(at) != '=' && !isBlank(text.charAt(at))) {
      at++;
    }
    String name = text.substring(from, at);
    skipBlanks();
    if (at >= text.length() || text.charAt(at) != '=') {
      throw wrong("has a word without = after it");
    }
    at++;
    skipBlanks();
    return name;
  }

  private String value() {
    boolean quoted = at < text.length() && text.charAt(at) == '\'';
    StringBuilder value = new StringBuilder();
    at += quoted ? 1 : 0;
    while (at < text.length()) {
      char next = text.charAt(at++);
      if (next == '\\') {
        if (at < text.length()) {
          value.append(text.charAt(at++));
        }
      } else if (quoted ? next == '\'' : isBlank(next)) {
        return value.toString();
      } else {
        value.append(next);
      }
    }
    if (quoted) {
      throw wrong("has a single quote that is not closed");
    }
    return value.toString();
  }

  private void skipBlanks() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isBlank(char character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
  }

  private Failure wrong(String how) {
    return Failure.usage(source + " " + how + " (the text is not shown)", HINT);
  }
}
