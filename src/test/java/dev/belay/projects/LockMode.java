package dev.belay.projects;

import java.util.Locale;

/** The modes of locks of relations, from the weakest to the strongest. */
enum LockMode {
  ACCESS_SHARE,
  ROW_SHARE,
  ROW_EXCLUSIVE,
  SHARE_UPDATE_EXCLUSIVE,
  SHARE,
  SHARE_ROW_EXCLUSIVE,
  EXCLUSIVE,
  ACCESS_EXCLUSIVE;

  /** The mode that {@code pg_locks} calls so, such as {@code AccessShareLock}. */
  static LockMode of(String name) {
    String words = name.replaceFirst("Lock$", "").replaceAll("(?<=[a-z])(?=[A-Z])", "_");
    return valueOf(words.toUpperCase(Locale.ROOT));
  }

  LockMode orStronger(LockMode other) {
    return compareTo(other) >= 0 ? this : other;
  }

  @Override
  public String toString() {
    return name().replace('_', ' ');
  }
}
