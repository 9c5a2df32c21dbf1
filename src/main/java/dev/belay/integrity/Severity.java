package dev.belay.integrity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How bad a finding of a check is. */
public enum Severity {
  /** A promise is broken. */
  ERROR,

  /** Something that the operator should know, though no promise is broken. */
  WARNING;

  /** The word in files, JSON and text. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
