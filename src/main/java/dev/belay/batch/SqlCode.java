package dev.belay.batch;

import java.util.ArrayList;
import java.util.List;

/**
 * A statement taken apart into what the server reads as code, and what stands in quotes or comments
 * and is none.
 */
record SqlCode(String sql, List<Piece> pieces) {
  /** What a part of a statement is. */
  enum Kind {
    CODE,
    QUOTED,
    COMMENT
  }

  /**
   * A part of the text.
   *
   * @param begin of its first character
   * @param end after its last one
   */
  record Piece(Kind kind, int begin, int end) {}

  static SqlCode of(String sql) {
    List<Piece> pieces = new ArrayList<>();
    int code = 0;
    int at = 0;
    while (at < sql.length()) {
      Kind kind = Kind.QUOTED;
      int end;
      if (sql.startsWith("--", at)) {
        kind = Kind.COMMENT;
        int line = sql.indexOf('\n', at);
        end = line < 0 ? sql.length() : line;
      } else if (sql.startsWith("/*", at)) {
        kind = Kind.COMMENT;
        end = endOfComment(sql, at);
      } else if (sql.charAt(at) == '\'') {
        end = endOfQuote(sql, at, '\'', isEscapeString(sql, at));
      } else if (sql.charAt(at) == '"') {
        end = endOfQuote(sql, at, '"', false);
      } else if (sql.charAt(at) == '$') {
        end = endOfDollars(sql, at);
      } else {
        end = at;
      }
      if (end == at) {
        at++;
        continue;
      }
      if (at > code) {
        pieces.add(new Piece(Kind.CODE, code, at));
      }
      pieces.add(new Piece(kind, at, end));
      at = end;
      code = end;
    }
    if (code < sql.length()) {
      pieces.add(new Piece(Kind.CODE, code, sql.length()));
    }
    return new SqlCode(sql, List.copyOf(pieces));
  }

  /** The text of a part. */
  String text(Piece piece) {
    return sql.substring(piece.begin(), piece.end());
  }

  /** The statement with a blank in place of each comment, and without what stands in quotes. */
  String bare() {
    StringBuilder bare = new StringBuilder();
    for (Piece piece : pieces) {
      switch (piece.kind()) {
        case CODE -> bare.append(text(piece));
        case COMMENT -> bare.append(' ');
        case QUOTED -> bare.append(sql.charAt(piece.begin()) == '"' ? "\"q\"" : "''");
      }
    }
    return bare.toString().strip();
  }

  /** The statement with a blank in place of each comment. */
  String withoutComments() {
    StringBuilder plain = new StringBuilder();
    for (Piece piece : pieces) {
      plain.append(piece.kind() == Kind.COMMENT ? " " : text(piece));
    }
    return plain.toString().strip();
  }

  private static int endOfComment(String sql, int begin) {
    int depth = 0;
    int at = begin;
    while (at < sql.length()) {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return at;
        }
      } else {
        at++;
      }
    }
    return sql.length();
  }

  private static boolean isEscapeString(String sql, int quote) {
    return quote > 0
        && (sql.charAt(quote - 1) == 'E' || sql.charAt(quote - 1) == 'e')
        && (quote == 1 || !isWord(sql.charAt(quote - 2)));
  }

  private static int endOfQuote(String sql, int begin, char quote, boolean backslashes) {
    int at = begin + 1;
    while (at < sql.length()) {
      char here = sql.charAt(at);
      if (backslashes && here == '\\') {
        at += 2;
      } else if (here != quote) {
        at++;
      } else if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
        at += 2;
      } else {
        return at + 1;
      }
    }
    return sql.length();
  }

  /** Not a quote: the dollar of a parameter, or one within a name. */
  private static int endOfDollars(String sql, int begin) {
    if (begin > 0 && isWord(sql.charAt(begin - 1))) {
      return begin;
    }
    int at = begin + 1;
    while (at < sql.length() && isWord(sql.charAt(at)) && sql.charAt(at) != '$') {
      at++;
    }
    boolean number = at > begin + 1 && Character.isDigit(sql.charAt(begin + 1));
    if (number || at >= sql.length() || sql.charAt(at) != '$') {
      return begin;
    }
    String tag = sql.substring(begin, at + 1);
    int end = sql.indexOf(tag, at + 1);
    return end < 0 ? sql.length() : end + tag.length();
  }

  private static boolean isWord(char letter) {
    return Character.isLetterOrDigit(letter) || letter == '_' || letter == '$' || letter > 127;
  }
}
