package dev.belay.notify;

import dev.belay.core.Units;

/** Cuts a text to what a channel takes, and says how much is missing and where the whole is. */
final class Cutting {
  private static final String MARK = "\n… ";
  private static final int LONGEST_ENTITY = 6;

  private Cutting() {}

  /**
   * The text, or its beginning with a last line that says what is missing; never half a character,
   * nor half of what stands for a character in Slack.
   *
   * @param most characters, the last line too
   * @param whole where everything is to be read
   */
  static String to(int most, String text, String whole) {
    if (text.length() <= most) {
      return text;
    }
    String longest = notice(text.length(), whole);
    if (longest.length() >= most) {
      return beginning(text, most);
    }
    int end = end(text, most - longest.length());
    int line = text.lastIndexOf('\n', end);
    int at = line > end * 3 / 4 ? line : end;
    return text.substring(0, at) + notice(text.length() - at, whole);
  }

  /** The beginning of a text, without half a character at its end. */
  static String beginning(String text, int most) {
    return text.substring(0, end(text, most));
  }

  /** How much of the text itself is in what {@link #to} gave. */
  static int kept(String cut) {
    int mark = cut.lastIndexOf(MARK);
    return mark < 0 ? cut.length() : mark;
  }

  private static String notice(int missing, String whole) {
    return MARK + Units.count(missing) + " more characters are in " + whole;
  }

  private static int end(String text, int most) {
    int end = Math.max(0, Math.min(most, text.length()));
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    int entity = text.lastIndexOf('&', end - 1);
    boolean open = entity >= 0 && end - entity < LONGEST_ENTITY;
    return open && text.indexOf(';', entity) >= end ? entity : end;
  }
}
