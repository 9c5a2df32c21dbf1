package dev.belay.verify;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a check ended. */
enum CheckStatus {
  PASSED("passed", "ok"),
  WARNING("warning", "WARN"),
  FAILED("failed", "FAIL"),
  /** All or some of it could not be checked, and nothing was found; not the same as passed. */
  NOT_CHECKED("not checked", "????");

  private final String word;
  private final String mark;

  CheckStatus(String word, String mark) {
    this.word = word;
    this.mark = mark;
  }

  /** The word in JSON. */
  @JsonValue
  String word() {
    return word;
  }

  /** The word at the begin of a line. */
  String mark() {
    return mark;
  }
}
