package dev.belay.emergency;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a step of an emergency recovery ended. */
public enum StepStatus {
  /** It was done, and nothing is wrong. */
  DONE("done", "ok"),
  /** It was done, and something is wrong. */
  FOUND("found", "FAIL"),
  /** It could not, or not wholly, be done. */
  NOT_DONE("not done", "????"),
  /** Nobody wanted it, or there was nothing to do. */
  SKIPPED("skipped", "--");

  private final String word;
  private final String mark;

  StepStatus(String word, String mark) {
    this.word = word;
    this.mark = mark;
  }

  /** The word in JSON and in the journal. */
  @JsonValue
  public String word() {
    return word;
  }

  String mark() {
    return mark;
  }
}
