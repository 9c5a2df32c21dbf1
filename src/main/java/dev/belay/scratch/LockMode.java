package dev.belay.scratch;

import java.util.Locale;

/** The modes in which PostgreSQL locks a relation, the weakest first. */
public enum LockMode {
  ACCESS_SHARE("AccessShareLock"),
  ROW_SHARE("RowShareLock"),
  ROW_EXCLUSIVE("RowExclusiveLock"),
  SHARE_UPDATE_EXCLUSIVE("ShareUpdateExclusiveLock"),
  SHARE("ShareLock"),
  SHARE_ROW_EXCLUSIVE("ShareRowExclusiveLock"),
  EXCLUSIVE("ExclusiveLock"),
  ACCESS_EXCLUSIVE("AccessExclusiveLock");

  private final String shown;

  LockMode(String shown) {
    this.shown = shown;
  }

  /** The mode that {@code pg_locks} calls so. */
  static LockMode of(String shown) {
    for (LockMode mode : values()) {
      if (mode.shown.equals(shown)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(shown);
  }

  /** As it is written in SQL, such as {@code ACCESS EXCLUSIVE}. */
  public String word() {
    return name().replace('_', ' ').toUpperCase(Locale.ROOT);
  }

  /** Whether others cannot even read meanwhile. */
  public boolean stopsReads() {
    return this == ACCESS_EXCLUSIVE;
  }

  /** Whether others cannot write meanwhile. */
  public boolean stopsWrites() {
    return compareTo(SHARE) >= 0;
  }

  /** Whether only reading and writing rows takes it, and no change of definition. */
  public boolean isOfRows() {
    return compareTo(ROW_EXCLUSIVE) <= 0;
  }
}
