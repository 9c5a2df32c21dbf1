package dev.belay.integrity;

/** What one run of a check goes through. */
enum Reach {
  /** Everything at once. */
  WHOLE,

  /** One table after the other, and of each one range of pages after the other. */
  PAGES,

  /** One view after the other. */
  VIEWS
}
