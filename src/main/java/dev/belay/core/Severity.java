package dev.belay.core;

/** How bad something is that people are told of; in rising order. */
public enum Severity {
  /** As expected. */
  INFO,
  /** Somebody should look at it in working hours. */
  WARNING,
  /** It failed; nobody is hurt yet. */
  ERROR,
  /** Somebody must look at it now. */
  CRITICAL
}
