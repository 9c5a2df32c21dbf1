package dev.belay.incident;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows lines, and knows which of them belong to a private key, also where a log writes each with
 * a stamp of its own. A key may have no end, because what printed it was cut, or because somebody
 * named a table so: then only what looks like a part of one is taken for it.
 */
final class KeyLines {
  /** No key is longer. */
  private static final int LONGEST = 400;

  private static final Pattern BEGIN =
      Pattern.compile("-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----");

  private static final String END = "-----END";

  private static final Pattern STAMP =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d[.\\d]* - \\w+ - (?:[\\w.$]+ - )?");

  /** Who printed it, the number of the line, or a quote. */
  private static final Pattern BEFORE = Pattern.compile("(?:\\S{1,80}: )?[\\s\\d>|+#\"'*/]*");

  private static final Pattern OF_KEY =
      Pattern.compile("[A-Za-z0-9+/=]{40}|^\\S*\\s*$|^[A-Za-z-]{4,20}: \\S+$");

  private int left;

  /** Such lines that begin in the middle of a key, or not. */
  static KeyLines within(boolean key) {
    KeyLines lines = new KeyLines();
    lines.left = key ? LONGEST : 0;
    return lines;
  }

  /** The beginnings of keys in a text; what is in one follows. */
  static Matcher beginnings(String text) {
    return BEGIN.matcher(text);
  }

  /** Where a key ends that began before that place; negative: it does not. */
  static int end(String text, int from) {
    return text.indexOf(END, from);
  }

  /** Whether the next line may belong to a key. */
  boolean isOpen() {
    return left > 0;
  }

  /**
   * Goes on to the next line.
   *
   * @return how many of its characters belong to a key that began in another line
   */
  int follow(String line) {
    boolean within = left > 0;
    int end = endOfOther(line);
    if (opens(line)) {
      left = LONGEST;
      return within && end >= 0 ? end : 0;
    }
    if (end >= 0) {
      left = 0;
      return within ? end : 0;
    }
    left = Math.max(0, left - 1);
    return within && isOfKey(line) ? line.length() : 0;
  }

  private static boolean opens(String line) {
    Matcher begin = BEGIN.matcher(line);
    int last = -1;
    while (begin.find()) {
      last = begin.end();
    }
    return last >= 0 && end(line, last) < 0;
  }

  private static int endOfOther(String line) {
    int end = end(line, 0);
    Matcher begin = BEGIN.matcher(line);
    return end >= 0 && begin.find() && begin.start() < end ? -1 : end;
  }

  private static boolean isOfKey(String line) {
    Matcher stamp = STAMP.matcher(line);
    String message = stamp.lookingAt() ? line.substring(stamp.end()) : line;
    Matcher before = BEFORE.matcher(message);
    return OF_KEY.matcher(before.lookingAt() ? message.substring(before.end()) : message).find();
  }
}
