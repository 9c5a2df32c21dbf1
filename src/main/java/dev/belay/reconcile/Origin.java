package dev.belay.reconcile;

/** Where the rows come from that are brought back. */
public enum Origin {
  /** A backup, restored in a scratch database. */
  BACKUP("the backup"),
  /** The database that was live until a restore took its place. */
  REPLACED("the replaced database"),
  /** A file that export-data wrote. */
  EXPORT("the export");

  private final String words;

  Origin(String words) {
    this.words = words;
  }

  /** As a sentence calls it. */
  public String words() {
    return words;
  }
}
