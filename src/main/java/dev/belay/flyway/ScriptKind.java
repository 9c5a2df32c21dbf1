package dev.belay.flyway;

/** What a migration script is for. */
public enum ScriptKind {
  /** Runs once, in the order of its version. */
  VERSIONED,
  /** Runs again whenever it was changed, after all versions. */
  REPEATABLE,
  /** Makes an empty database what all versions up to its own would make it. */
  BASELINE,
  /** Takes the version of the same number back. */
  UNDO
}
