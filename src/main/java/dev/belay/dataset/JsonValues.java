package dev.belay.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Reads values of JSON from a source, strictly by the standard and without recursion. A value goes
 * where it is wanted byte by byte; none is held.
 */
final class JsonValues {
  /** The server's own parser gives up long before. */
  private static final int DEEPEST = 100_000;

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  /** By byte: whether it stands for itself in a string and is a character by itself. */
  private static final boolean[] PLAIN = new boolean[256];

  static {
    for (int single = 0x20; single < 0x80; single++) {
      PLAIN[single] = single != '"' && single != '\\';
    }
  }

  private final JsonSource source;

  JsonValues(JsonSource source) {
    this.source = source;
  }

  /**
   * A short string, such as a key.
   *
   * @param what it is, for failures
   */
  String string(String what, int longest) {
    int next = source.peek();
    if (next != '"') {
      throw source.unexpected(next, what);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CopyText text =
        new CopyText(
            (from, at, length) -> {
              if (bytes.size() + length > 2 * longest) {
                throw source.damaged("%s is longer than %d bytes".formatted(what, longest));
              }
              bytes.write(from, at, length);
            });
    content(text);
    text.flush();
    return unescaped(bytes.toByteArray());
  }

  /**
   * An object as it is written.
   *
   * @param what it is, for failures
   */
  String object(String what, int longest) {
    int next = source.peek();
    if (next != '{') {
      throw source.unexpected(next, what);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CopyText text =
        new CopyText(
            (from, at, length) -> {
              if (bytes.size() + length > longest) {
                throw source.damaged("%s is longer than %d bytes".formatted(what, longest));
              }
              bytes.write(from, at, length);
            });
    nested(text);
    text.flush();
    return unescaped(bytes.toByteArray());
  }

  /** The few escapes of COPY are taken back. */
  private static String unescaped(byte[] copy) {
    String text = new String(copy, StandardCharsets.UTF_8);
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      if (letter == '\\') {
        char escaped = text.charAt(++at);
        letter =
            switch (escaped) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              default -> escaped;
            };
      }
      plain.append(letter);
    }
    return plain.toString();
  }

  /** A whole number that is not below zero. */
  long count() {
    int next = source.peek();
    long count = 0;
    int digits = 0;
    while (source.has(1) && source.buffer[source.at] >= '0' && source.buffer[source.at] <= '9') {
      count = count * 10 + source.buffer[source.at++] - '0';
      if (++digits > 18) {
        throw source.damaged("a count has more than 18 digits");
      }
    }
    if (digits == 0) {
      throw source.unexpected(next, "a count");
    }
    return count;
  }

  /** The content of a string, whose opening quote is next. */
  void content(CopyText out) {
    source.at++;
    while (true) {
      byte[] buffer = source.buffer;
      int begin = source.at;
      int end = begin;
      while (end < source.end && PLAIN[buffer[end] & 0xFF]) {
        end++;
      }
      out.put(buffer, begin, end - begin);
      source.at = end;
      if (end == source.end) {
        if (!source.has(1)) {
          throw source.unexpected(-1, "the end of a string");
        }
        continue;
      }
      int next = buffer[end] & 0xFF;
      if (next == '"') {
        source.at++;
        return;
      }
      if (next == '\\') {
        escaped(out);
      } else if (next < 0x20) {
        throw source.damaged("a string has the control character 0x%02x".formatted(next));
      } else {
        sequence(out, next);
      }
    }
  }

  private void sequence(CopyText out, int first) {
    int length = Utf8.length(first);
    if (length == 0 || !source.has(length) || !Utf8.isSequence(source.buffer, source.at, length)) {
      throw source.damaged("the byte 0x%02x begins no character of UTF-8".formatted(first));
    }
    out.put(source.buffer, source.at, length);
    source.at += length;
  }

  private void escaped(CopyText out) {
    if (!source.has(2)) {
      throw source.unexpected(-1, "the end of an escape");
    }
    int letter = source.buffer[source.at + 1] & 0xFF;
    if (letter == 'u') {
      unicode(out);
      return;
    }
    int meant =
        switch (letter) {
          case '"', '\\', '/' -> letter;
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          default -> throw source.damaged("\\%s is no escape of JSON".formatted(shown(letter)));
        };
    out.value(meant);
    source.at += 2;
  }

  private void unicode(CopyText out) {
    int unit = unit();
    if (unit == 0) {
      throw source.damaged("the character U+0000, which PostgreSQL does not have");
    }
    if (!Character.isSurrogate((char) unit)) {
      out.point(unit);
      source.at += 6;
      return;
    }
    String alone = "\\u%04x is half of a character, and alone".formatted(unit);
    if (!Character.isHighSurrogate((char) unit)) {
      throw source.damaged(alone);
    }
    boolean pair =
        source.has(12)
            && source.buffer[source.at + 6] == '\\'
            && source.buffer[source.at + 7] == 'u';
    if (!pair) {
      throw source.damaged(alone);
    }
    int place = source.at;
    source.at = place + 6;
    int low = unit();
    if (!Character.isLowSurrogate((char) low)) {
      source.at = place;
      throw source.damaged(alone);
    }
    out.point(Character.toCodePoint((char) unit, (char) low));
    source.at += 6;
  }

  /** The four digits after the next backslash and u, which are not passed. */
  private int unit() {
    if (!source.has(6)) {
      throw source.unexpected(-1, "the end of an escape");
    }
    int unit = 0;
    for (int digit = 2; digit < 6; digit++) {
      int value = Character.digit(source.buffer[source.at + digit], 16);
      if (value < 0) {
        throw source.damaged("\\u is not followed by four hexadecimal digits");
      }
      unit = unit << 4 | value;
    }
    return unit;
  }

  private static String shown(int letter) {
    return letter >= 0x20 && letter < 0x7F
        ? String.valueOf((char) letter)
        : "0x%02x".formatted(letter);
  }

  /** A value that is neither string, object nor array, with its own text. Null is no such value. */
  void plain(CopyText out) {
    int next = source.peek();
    if (next == '-' || (next >= '0' && next <= '9')) {
      number(out);
    } else if (source.passes(TRUE)) {
      out.put(TRUE, 0, TRUE.length);
    } else if (source.passes(FALSE)) {
      out.put(FALSE, 0, FALSE.length);
    } else {
      throw source.unexpected(next, "a value");
    }
  }

  /** Whether null is next; if so, it is passed. */
  boolean passesNull() {
    return source.peek() == 'n' && source.passes(NULL);
  }

  private void number(CopyText out) {
    if (source.buffer[source.at] == '-') {
      out.put('-');
      source.at++;
    }
    if (source.has(1) && source.buffer[source.at] == '0') {
      out.put('0');
      source.at++;
    } else {
      digits(out);
    }
    if (source.has(1) && source.buffer[source.at] == '.') {
      out.put('.');
      source.at++;
      digits(out);
    }
    if (source.has(1) && (source.buffer[source.at] == 'e' || source.buffer[source.at] == 'E')) {
      out.put(source.buffer[source.at++]);
      if (source.has(1) && (source.buffer[source.at] == '+' || source.buffer[source.at] == '-')) {
        out.put(source.buffer[source.at++]);
      }
      digits(out);
    }
    if (source.has(1) && isWord(source.buffer[source.at])) {
      throw source.unexpected(source.buffer[source.at] & 0xFF, "the end of a number");
    }
  }

  private static boolean isWord(byte each) {
    return each == '.' || each == '-' || each == '+' || Character.isLetterOrDigit(each);
  }

  private void digits(CopyText out) {
    boolean any = false;
    while (source.has(1)) {
      int begin = source.at;
      while (source.at < source.end
          && source.buffer[source.at] >= '0'
          && source.buffer[source.at] <= '9') {
        source.at++;
      }
      any |= source.at > begin;
      out.put(source.buffer, begin, source.at - begin);
      if (source.at < source.end) {
        break;
      }
    }
    if (!any) {
      throw source.unexpected(
          source.has(1) ? source.buffer[source.at] & 0xFF : -1, "a digit of a number");
    }
  }

  /** An object or array, byte for byte, with its white space. */
  void nested(CopyText out) {
    BitSet objects = new BitSet();
    int depth = 0;
    boolean value = true;
    while (true) {
      int next = source.has(1) ? source.buffer[source.at] & 0xFF : -1;
      if (isSpace(next)) {
        space(out, next);
      } else if (!value) {
        boolean object = objects.get(depth);
        if (next == (object ? '}' : ']')) {
          mark(out);
          if (--depth == 0) {
            return;
          }
        } else if (next == ',') {
          mark(out);
          if (object) {
            key(out);
          }
          value = true;
        } else {
          throw source.unexpected(next, object ? "',' or '}'" : "',' or ']'");
        }
      } else if (next == '{' || next == '[') {
        mark(out);
        if (++depth > DEEPEST) {
          throw source.damaged("a value is nested more than %d deep".formatted(DEEPEST));
        }
        objects.set(depth, next == '{');
        spaces(out);
        int first = source.has(1) ? source.buffer[source.at] & 0xFF : -1;
        value = first != (next == '{' ? '}' : ']');
        if (value && next == '{') {
          key(out);
        }
      } else {
        scalar(out, next);
        value = false;
      }
    }
  }

  private void mark(CopyText out) {
    out.put(source.buffer[source.at++]);
  }

  private static boolean isSpace(int next) {
    return next == ' ' || next == '\n' || next == '\r' || next == '\t';
  }

  private void space(CopyText out, int next) {
    out.value(next);
    source.at++;
    if (next == '\n') {
      source.lineEnded();
    }
  }

  private void spaces(CopyText out) {
    while (source.has(1) && isSpace(source.buffer[source.at])) {
      space(out, source.buffer[source.at]);
    }
  }

  private void key(CopyText out) {
    spaces(out);
    int next = source.has(1) ? source.buffer[source.at] & 0xFF : -1;
    if (next != '"') {
      throw source.unexpected(next, "a key");
    }
    rawString(out);
    spaces(out);
    int colon = source.has(1) ? source.buffer[source.at] & 0xFF : -1;
    if (colon != ':') {
      throw source.unexpected(colon, "':' after a key");
    }
    mark(out);
  }

  private void scalar(CopyText out, int next) {
    if (next == '"') {
      rawString(out);
    } else if (next == 'n' && source.passes(NULL)) {
      out.put(NULL, 0, NULL.length);
    } else {
      plain(out);
    }
  }

  /** A string as it is written, with its quotes and escapes. */
  private void rawString(CopyText out) {
    mark(out);
    while (true) {
      byte[] buffer = source.buffer;
      int begin = source.at;
      int end = begin;
      while (end < source.end && PLAIN[buffer[end] & 0xFF]) {
        end++;
      }
      out.put(buffer, begin, end - begin);
      source.at = end;
      int next = source.has(1) ? source.buffer[source.at] & 0xFF : -1;
      if (next < 0) {
        throw source.unexpected(-1, "the end of a string");
      } else if (next == '"') {
        mark(out);
        return;
      } else if (next == '\\') {
        if (!source.has(2)) {
          throw source.unexpected(-1, "the end of an escape");
        }
        int letter = source.buffer[source.at + 1];
        if ("\"\\/bfnrtu".indexOf(letter) < 0) {
          throw source.damaged("\\%s is no escape of JSON".formatted(shown(letter & 0xFF)));
        }
        out.value('\\');
        out.value(letter);
        source.at += 2;
      } else if (next < 0x20) {
        throw source.damaged("a string has the control character 0x%02x".formatted(next));
      } else if (next >= 0x80) {
        sequence(out, next);
      }
    }
  }
}
