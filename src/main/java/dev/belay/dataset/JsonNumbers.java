package dev.belay.dataset;

/** Reads numbers of JSON from a source, strictly by the standard, as they are written. */
final class JsonNumbers {
  private final JsonSource source;

  JsonNumbers(JsonSource source) {
    this.source = source;
  }

  /** A number, whose first character is next. */
  void number(CopyText out) {
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
}
