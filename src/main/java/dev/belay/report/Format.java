package dev.belay.report;

/** How an answer is written. */
public enum Format {
  text,
  json
}
