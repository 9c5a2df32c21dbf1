package dev.belay.config;

import java.util.Collection;

/** Finds the word that somebody probably meant. */
public final class Nearest {
  private Nearest() {}

  /** The word with the fewest letters to change; the first of several. */
  static String to(String wrong, Collection<String> words) {
    String best = "";
    int least = Integer.MAX_VALUE;
    for (String word : words) {
      int distance = distance(Known.plain(wrong), Known.plain(word));
      int end = word.lastIndexOf('.');
      if (end >= 0) {
        distance =
            Math.min(
                distance, distance(Known.plain(wrong), Known.plain(word.substring(end + 1))) + 1);
      }
      if (distance < least) {
        least = distance;
        best = word;
      }
    }
    return best;
  }

  /** Letters to insert, remove or replace. */
  public static int distance(String left, String right) {
    int[] before = new int[right.length() + 1];
    for (int column = 0; column <= right.length(); column++) {
      before[column] = column;
    }
    for (int row = 1; row <= left.length(); row++) {
      int[] now = new int[right.length() + 1];
      now[0] = row;
      for (int column = 1; column <= right.length(); column++) {
        int replaced = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
        now[column] =
            Math.min(Math.min(now[column - 1], before[column]) + 1, before[column - 1] + replaced);
      }
      before = now;
    }
    return before[right.length()];
  }
}
