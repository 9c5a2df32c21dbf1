package dev.belay.emergency;

import com.fasterxml.jackson.annotation.JsonValue;

/** What became of something that could be fixed. */
public enum FixOutcome {
  /** It is fixed. */
  FIXED("fixed"),
  /** Nothing was done about it, and nothing was changed. */
  LEFT("left"),
  /** It was tried, and something of it may be left. */
  UNCERTAIN("uncertain");

  private final String word;

  FixOutcome(String word) {
    this.word = word;
  }

  /** The word in JSON and in the journal. */
  @JsonValue
  public String word() {
    return word;
  }
}
