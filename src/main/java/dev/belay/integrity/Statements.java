package dev.belay.integrity;

import java.util.ArrayList;
import java.util.List;

/** Divides a text into statements as the server would, with standard_conforming_strings on. */
final class Statements {
  /** A text that no server would read to its end. */
  static final class Unended extends Exception {
    private static final long serialVersionUID = 1;

    Unended(String what) {
      super("it has " + what + " without an end");
    }
  }

  private final String text;
  private final List<String> found = new ArrayList<>();
  private int at;
  private int begin;
  private boolean something;

  private Statements(String text) {
    this.text = text;
  }

  /** The statements without their semicolons; comments alone are none. */
  static List<String> of(String text) throws Unended {
    Statements statements = new Statements(text);
    statements.scan();
    return statements.found;
  }

  private void scan() throws Unended {
    while (at < text.length()) {
      char now = text.charAt(at);
      if (text.startsWith("--", at)) {
        at = endOfLine();
      } else if (text.startsWith("/*", at)) {
        comment();
      } else if (now == ';') {
        end();
        at++;
        begin = at;
      } else if (Character.isWhitespace(now)) {
        at++;
      } else {
        something = true;
        token(now);
      }
    }
    end();
  }

  private void end() {
    if (something) {
      found.add(text.substring(begin, at));
    }
    something = false;
  }

  private int endOfLine() {
    int next = at;
    while (next < text.length() && text.charAt(next) != '\n' && text.charAt(next) != '\r') {
      next++;
    }
    return next;
  }

  /** Comments of this kind are nested. */
  private void comment() throws Unended {
    int depth = 0;
    do {
      if (text.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (text.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else if (at >= text.length()) {
        throw new Unended("a comment");
      } else {
        at++;
      }
    } while (depth > 0);
  }

  private void token(char now) throws Unended {
    if (now == '\'') {
      quoted('\'', false);
    } else if (now == '"') {
      quoted('"', false);
    } else if (now == '$') {
      dollar();
    } else if (isNamePart(now)) {
      word();
    } else {
      at++;
    }
  }

  /** A name or number; {@code e} directly before a quote gives backslashes a meaning. */
  private void word() throws Unended {
    int from = at;
    while (at < text.length() && (isNamePart(text.charAt(at)) || text.charAt(at) == '$')) {
      at++;
    }
    boolean escapes = at - from == 1 && (text.charAt(from) == 'e' || text.charAt(from) == 'E');
    if (escapes && at < text.length() && text.charAt(at) == '\'') {
      quoted('\'', true);
    }
  }

  private void quoted(char quote, boolean escapes) throws Unended {
    at++;
    while (at < text.length()) {
      char now = text.charAt(at);
      if (escapes && now == '\\') {
        at += 2;
      } else if (now == quote && at + 1 < text.length() && text.charAt(at + 1) == quote) {
        at += 2;
      } else if (now == quote) {
        at++;
        return;
      } else {
        at++;
      }
    }
    throw new Unended(quote == '"' ? "a quoted name" : "a string");
  }

  private void dollar() throws Unended {
    int close = at + 1;
    while (close < text.length() && isNamePart(text.charAt(close))) {
      close++;
    }
    boolean tag = close < text.length() && text.charAt(close) == '$';
    if (!tag || (close > at + 1 && Character.isDigit(text.charAt(at + 1)))) {
      at++;
      return;
    }
    String mark = text.substring(at, close + 1);
    int end = text.indexOf(mark, close + 1);
    if (end < 0) {
      throw new Unended("a string in " + mark);
    }
    at = end + mark.length();
  }

  /** As the server sees it: every character beyond ASCII may be in a name. */
  private static boolean isNamePart(char now) {
    return now == '_'
        || (now >= 'a' && now <= 'z')
        || (now >= 'A' && now <= 'Z')
        || (now >= '0' && now <= '9')
        || now >= 0x80;
  }
}
