package dev.belay.dataset;

import java.util.BitSet;

/** Reads objects and arrays of JSON from a source, byte for byte and without recursion. */
final class JsonTrees {
  /** The server's own parser gives up long before. */
  private static final int DEEPEST = 100_000;

  private final JsonSource source;
  private final JsonStrings strings;
  private final JsonValues values;

  /**
   * @param values reads what is in them and is neither string, object nor array
   */
  JsonTrees(JsonSource source, JsonStrings strings, JsonValues values) {
    this.source = source;
    this.strings = strings;
    this.values = values;
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
    strings.raw(out);
    spaces(out);
    int colon = source.has(1) ? source.buffer[source.at] & 0xFF : -1;
    if (colon != ':') {
      throw source.unexpected(colon, "':' after a key");
    }
    mark(out);
  }

  private void scalar(CopyText out, int next) {
    if (next == '"') {
      strings.raw(out);
    } else if (values.passesNull()) {
      out.put(JsonValues.NULL, 0, JsonValues.NULL.length);
    } else {
      values.plain(out);
    }
  }
}
