package dev.belay.flyway;

/**
 * Something about the scripts on disk that keeps them from being read as they are meant.
 *
 * @param kind what sort of problem
 * @param where the file or location
 * @param message what is wrong, in lower case
 */
public record ScriptProblem(Kind kind, String where, String message) {
  /** Sorts of problems. */
  public enum Kind {
    /** A location is not there or cannot be read, so that files may exist which were not seen. */
    LOCATION,
    /** A file cannot be read, is in another encoding, or holds an unknown placeholder. */
    UNREADABLE,
    /** Two files are the same migration, which stops every command of Flyway. */
    DUPLICATE,
    /** A file looks like a migration, but its name is not one, so Flyway passes over it. */
    NAME
  }
}
