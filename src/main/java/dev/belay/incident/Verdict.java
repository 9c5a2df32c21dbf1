package dev.belay.incident;

import org.jspecify.annotations.Nullable;

/**
 * How something ended, in words.
 *
 * @param mood for the page's colours: the names of its styles, such as {@code open}
 * @param sign says the same without colour
 */
record Verdict(String mood, String sign, String words) {
  private static Verdict good(String words) {
    return new Verdict("good", "✓", words);
  }

  /** Something that has to be looked at. */
  static Verdict open(String words) {
    return new Verdict("open", "!", words);
  }

  /** Something that goes on, or has no end. */
  static Verdict neutral(String words) {
    return new Verdict("plan", "≈", words);
  }

  /**
   * What an exit status means.
   *
   * @param outcome the name of the exit code, or {@code SIGNAL}
   * @param changed null: not known
   */
  static Verdict of(String outcome, @Nullable Integer status, @Nullable Boolean changed) {
    String code = status == null ? "" : " Exit status " + status + ".";
    String state =
        changed == null
            ? " Whether the database was changed is not known."
            : changed ? " The database was changed." : " The database was not changed.";
    return switch (outcome) {
      case "OK" -> good("Done." + state + code);
      case "FINDINGS" -> open("The checks found something." + state + code);
      case "REFUSED" ->
          open("Refused by a safety rule before any change. The database is as it was." + code);
      case "UNAVAILABLE" ->
          open(
              "A server, program, file, lock or permission was missing. The database is as it was."
                  + code);
      case "FAILED" ->
          open(
              "A step failed; nothing was changed, or everything was rolled back. The database is as it was."
                  + code);
      case "INCOMPLETE" ->
          open("A step failed after the change began: look at the database." + code);
      case "USAGE" ->
          open(
              "The command line or the configuration was wrong. The database is as it was." + code);
      case "UNEXPECTED" ->
          open("It ended with a defect of belay: look at the database." + state + code);
      case "SIGNAL" ->
          open("Ended by a signal. What was done until then is in the timeline." + state);
      default -> neutral("Ended with " + outcome + "." + state + code);
    };
  }
}
