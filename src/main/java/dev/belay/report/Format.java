package dev.belay.report;

/** How an answer is written. */
public enum Format {
  text,
  json,
  /** JUnit's XML, for CI; only of commands that check something. */
  junit
}
