package dev.belay.scratch;

/** The last part of an identity such as {@code public."a.b"."c.d"}. */
final class ColumnName {
  private ColumnName() {}

  /** With its dot before it; a name in quotes may hold dots and doubled quotes. */
  static String last(String identity) {
    boolean quoted = false;
    int dot = 0;
    for (int at = 0; at < identity.length(); at++) {
      char here = identity.charAt(at);
      if (here == '"') {
        quoted = !quoted;
      } else if (here == '.' && !quoted) {
        dot = at;
      }
    }
    return identity.substring(dot);
  }
}
