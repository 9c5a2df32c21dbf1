package dev.belay.migrations;

/** What is known of the way back from a migration. */
public enum UndoVerdict {
  /** The undo script was run in the replay, and the schema was as before the migration. */
  proven,
  /** It was run, and the schema was not as before. */
  differs,
  /** It failed. */
  fails,
  /** It has no statement. */
  empty,
  /** There is none. */
  missing,
  /** There is one, and it was not tried. */
  untried,
  /** Such a migration has none: its file as it was before is the way back. */
  none
}
