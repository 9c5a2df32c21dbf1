package dev.belay.scratch;

/**
 * A reason why one migration needs another.
 *
 * @param migration the script of the one that needs
 * @param needs the script of the one that is needed
 * @param kind how
 * @param object the object that it is about, in words; empty for what is declared
 * @param sure whether it follows from what was recorded; otherwise it may be so: both touch the
 *     same table, and which columns a statement reads is not recorded
 */
public record Dependency(String migration, String needs, Kind kind, String object, boolean sure) {
  /** How a migration needs another. */
  public enum Kind {
    /** It changes or drops what the other made. */
    CREATED_BY("changes or drops what it made"),
    /** It uses what the other changed or named otherwise. */
    ALTERED_BY("uses what it changed"),
    /** What it makes cannot be without what the other made. */
    REFERENCES("makes what refers to it"),
    /** It reads rows of a table that the other made. */
    READS("reads"),
    /** It writes rows of a table that the other made. */
    WRITES("writes"),
    /** Somebody said so. */
    DECLARED("declared"),
    /** Without the other it failed, or did something else, when that was tried. */
    PROVEN("fails or does something else without it");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** For JSON and people: {@code created-by}. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** A few words more. */
    public String words() {
      return words;
    }
  }
}
