package dev.belay.diff;

/** What becomes of a row that differs. */
public enum Decision {
  /** It is added to the target. */
  ADD,
  /** The target's becomes as the source's. */
  CHANGE,
  /** It is removed from the target. */
  REMOVE,
  /** The target stays as it is. */
  LEAVE,
  /** Both sides changed it, so it is listed, and the target stays as it is. */
  CONFLICT
}
