package dev.belay.dataset;

/** Reads strings of JSON from a source, strictly by the standard; none is held. */
final class JsonStrings {
  /** By byte: whether it stands for itself in a string and is a character by itself. */
  private static final boolean[] PLAIN = new boolean[256];

  static {
    for (int single = 0x20; single < 0x80; single++) {
      PLAIN[single] = single != '"' && single != '\\';
    }
  }

  private final JsonSource source;

  JsonStrings(JsonSource source) {
    this.source = source;
  }

  /** The content of a string, whose opening quote is next. */
  void content(CopyText out) {
    source.at++;
    for (int next = special(out); next != '"'; next = special(out)) {
      if (next == '\\') {
        escaped(out);
      } else {
        sequence(out, next);
      }
    }
    source.at++;
  }

  /** A string as it is written, with its quotes and escapes; its opening quote is next. */
  void raw(CopyText out) {
    out.put(source.buffer[source.at++]);
    for (int next = special(out); next != '"'; next = special(out)) {
      if (next == '\\') {
        rawEscape(out);
      } else {
        sequence(out, next);
      }
    }
    out.put(source.buffer[source.at++]);
  }

  /** Passes on what stands for itself, up to the next byte that does not, which is not passed. */
  private int special(CopyText out) {
    do {
      byte[] buffer = source.buffer;
      int begin = source.at;
      int end = begin;
      while (end < source.end && PLAIN[buffer[end] & 0xFF]) {
        end++;
      }
      out.put(buffer, begin, end - begin);
      source.at = end;
      if (end < source.end) {
        int next = buffer[end] & 0xFF;
        if (next < 0x20) {
          throw source.damaged("a string has the control character 0x%02x".formatted(next));
        }
        return next;
      }
    } while (source.has(1));
    throw source.unexpected(-1, "the end of a string");
  }

  private void rawEscape(CopyText out) {
    int letter = letter();
    if ("\"\\/bfnrtu".indexOf(letter) < 0) {
      throw source.damaged("\\%s is no escape of JSON".formatted(shown(letter)));
    }
    if (letter == 'u') {
      unit();
    }
    out.value('\\');
    out.value(letter);
    source.at += 2;
  }

  /** The letter after the next backslash, which is not passed. */
  private int letter() {
    if (!source.has(2)) {
      throw source.unexpected(-1, "the end of an escape");
    }
    return source.buffer[source.at + 1] & 0xFF;
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
    int letter = letter();
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
}
