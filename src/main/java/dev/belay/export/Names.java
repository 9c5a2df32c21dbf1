package dev.belay.export;

import java.util.List;

/** Lists of names in a sentence. */
final class Names {
  private static final int SHOWN = 10;

  private Names() {}

  /** The first of them, and how many more there are. */
  static String some(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
  }
}
