package dev.belay.dataset;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;

/**
 * A condition in SQL that somebody typed, and that can stand between parentheses on lines of its
 * own without ending them: it closes what it opens, and it is one expression and no more. What it
 * does when it runs is another matter; it runs in a transaction that may only read.
 *
 * @param sql as it was given
 */
public record Condition(String sql) {
  /**
   * @throws Failure USAGE when it is empty, or could end the statement that it is put into
   */
  public Condition {
    new Scan(sql).check();
  }

  /** Between parentheses, on lines of its own, so that a comment at its end hides nothing. */
  static String inParentheses(String sql) {
    return "(\n" + sql + "\n)";
  }

  /** A COPY with it that gives no row. */
  String trial(TableName table) {
    return "copy (select from %s as %s where %s limit 0) to stdout"
        .formatted(table, new Identifier(table.table()), inParentheses(sql));
  }

  /** Goes through the text as the server's lexer does, with standard_conforming_strings on. */
  private static final class Scan {
    private final String text;
    private int at;

    Scan(String text) {
      this.text = text;
    }

    void check() {
      if (text.isBlank() || text.indexOf('\0') >= 0) {
        throw wrong("is empty or holds a null character");
      }
      int open = 0;
      while (at < text.length()) {
        char letter = text.charAt(at);
        if (letter == ';') {
          throw wrong("has a semicolon outside of quotes");
        } else if (letter == '(') {
          open++;
          at++;
        } else if (letter == ')') {
          if (--open < 0) {
            throw wrong("closes a parenthesis that it does not open");
          }
          at++;
        } else {
          token(letter);
        }
      }
      if (open > 0) {
        throw wrong("does not close a parenthesis");
      }
    }

    private void token(char letter) {
      if (letter == '\'') {
        quoted('\'', at > 0 && isEscapePrefix());
      } else if (letter == '"') {
        quoted('"', false);
      } else if (text.startsWith("--", at)) {
        lineComment();
      } else if (text.startsWith("/*", at)) {
        blockComment();
      } else if (letter == '$' && (at == 0 || !isWord(text.charAt(at - 1)))) {
        dollars();
      } else {
        at++;
      }
    }

    /** {@code E'…'}, where the E is a word by itself. */
    private boolean isEscapePrefix() {
      char before = text.charAt(at - 1);
      return (before == 'e' || before == 'E') && (at == 1 || !isWord(text.charAt(at - 2)));
    }

    private static boolean isWord(char letter) {
      return Character.isLetterOrDigit(letter) || letter == '_' || letter == '$' || letter > 127;
    }

    private void quoted(char quote, boolean backslashes) {
      for (at++; at < text.length(); at++) {
        char letter = text.charAt(at);
        if (backslashes && letter == '\\') {
          at++;
        } else if (letter == quote) {
          at++;
          return;
        }
      }
      throw wrong("does not close a " + (quote == '"' ? "double " : "") + "quote");
    }

    private void lineComment() {
      while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
        at++;
      }
    }

    private void blockComment() {
      int depth = 0;
      do {
        if (text.startsWith("/*", at)) {
          depth++;
          at += 2;
        } else if (text.startsWith("*/", at)) {
          depth--;
          at += 2;
        } else if (at < text.length()) {
          at++;
        } else {
          throw wrong("does not close a comment");
        }
      } while (depth > 0);
    }

    private void dollars() {
      int end = at + 1;
      while (end < text.length() && isWord(text.charAt(end)) && text.charAt(end) != '$') {
        end++;
      }
      boolean tag =
          end < text.length()
              && text.charAt(end) == '$'
              && !(end > at + 1 && Character.isDigit(text.charAt(at + 1)));
      if (!tag) {
        at++;
        return;
      }
      String mark = text.substring(at, end + 1);
      int close = text.indexOf(mark, end + 1);
      if (close < 0) {
        throw wrong("does not close " + mark);
      }
      at = close + mark.length();
    }

    private Failure wrong(String how) {
      return Failure.usage(
          "the condition '%s' %s".formatted(text, how),
          "write one condition as after WHERE, such as: created_at >= '2024-01-01'");
    }
  }
}
