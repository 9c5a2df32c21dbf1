package dev.belay.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads values of JSON from a source, strictly by the standard. A value goes where it is wanted
 * byte by byte; none is held but short ones.
 */
final class JsonValues {
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final JsonSource source;
  private final JsonStrings strings;
  private final JsonNumbers numbers;
  private final JsonTrees trees;

  JsonValues(JsonSource source) {
    this.source = source;
    this.strings = new JsonStrings(source);
    this.numbers = new JsonNumbers(source);
    this.trees = new JsonTrees(source, strings, this);
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
    strings.content(text);
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
    trees.nested(text);
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
    strings.content(out);
  }

  /** An object or array, byte for byte, with its white space. */
  void nested(CopyText out) {
    trees.nested(out);
  }

  /** A value that is neither string, object nor array, with its own text. Null is no such value. */
  void plain(CopyText out) {
    int next = source.peek();
    if (next == '-' || (next >= '0' && next <= '9')) {
      numbers.number(out);
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
}
