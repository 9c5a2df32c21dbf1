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

  /**
   * Has the server read a query with it as one statement, and run none: a cursor takes no more than
   * one. A second one that the scan has not seen would have to follow a semicolon, and be one here
   * too.
   */
  String reading(TableName table) {
    String query =
        "select 1 from %s as %s where %s limit 0"
            .formatted(table, new Identifier(table.table()), inParentheses(sql));
    return "do "
        + Identifier.literal(
            "declare belay refcursor; begin open belay for execute "
                + Identifier.literal(query)
                + "; close belay; end");
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
        quoted('\'', false);
      } else if (letter == '"') {
        quoted('"', false);
      } else if (text.startsWith("--", at)) {
        lineComment();
      } else if (text.startsWith("/*", at)) {
        blockComment();
      } else if (letter == '$') {
        dollars();
      } else if (isWord(letter)) {
        word();
      } else {
        at++;
      }
    }

    /** A name or a number, with the string that an E right before it belongs to. */
    private void word() {
      int begin = at;
      while (at < text.length() && isWord(text.charAt(at))) {
        at++;
      }
      boolean beforeQuote = at < text.length() && text.charAt(at) == '\'';
      if (isDigit(text.charAt(begin))) {
        // Where such a number ends is not the same in all versions of the server.
        if (beforeQuote || text.substring(begin, at).indexOf('$') >= 0) {
          throw wrong("has a number with no space behind it");
        }
      } else if (beforeQuote && text.substring(begin, at).equalsIgnoreCase("e")) {
        quoted('\'', true);
      }
    }

    private static boolean isDigit(char letter) {
      return letter >= '0' && letter <= '9';
    }

    private static boolean isWord(char letter) {
      return Character.isLetterOrDigit(letter) || letter == '_' || letter == '$' || letter > 127;
    }

    private void quoted(char quote, boolean backslashes) {
      for (at++; at < text.length(); at++) {
        char letter = text.charAt(at);
        if (backslashes && letter == '\\') {
          at++;
        } else if (letter == quote && text.startsWith(String.valueOf(quote), at + 1)) {
          at++;
        } else if (letter == quote) {
          at++;
          if (backslashes) {
            refuseContinued();
          }
          return;
        }
      }
      throw wrong("does not close a " + (quote == '"' ? "double " : "") + "quote");
    }

    /** One that goes on after a line end keeps its backslashes, without an E. */
    private void refuseContinued() {
      int next = at;
      while (next < text.length()) {
        if (" \t\n\r\f\u000b".indexOf(text.charAt(next)) >= 0) {
          next++;
        } else if (text.startsWith("--", next)) {
          while (next < text.length() && "\n\r".indexOf(text.charAt(next)) < 0) {
            next++;
          }
        } else {
          break;
        }
      }
      if (next > at && text.startsWith("'", next)) {
        throw wrong("continues a string with backslashes; write it in one piece");
      }
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
              && !(end > at + 1 && isDigit(text.charAt(at + 1)));
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
