package dev.belay.report;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a check ended, in the words and marks that every command uses. */
public enum CheckStatus {
  PASSED("passed", "ok"),
  WARNING("warning", "WARN"),
  FAILED("failed", "FAIL"),
  /** It could not be checked; that is not the same as passed. */
  NOT_CHECKED("not checked", "????");

  private final String word;
  private final String mark;

  CheckStatus(String word, String mark) {
    this.word = word;
    this.mark = mark;
  }

  /** The word in JSON. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The word at the begin of a line. */
  public String mark() {
    return mark;
  }
}
