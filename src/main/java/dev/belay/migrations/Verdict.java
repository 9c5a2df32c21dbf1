package dev.belay.migrations;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What follows from the dependencies of a migration. */
public enum Verdict {
  /** It is applied, and nothing that is applied needs it. */
  CAN_GO_ALONE,
  /** It is applied, and others that are applied need it. */
  NEEDS_OTHERS_GONE_FIRST,
  /** It is not applied, and everything that it needs is. */
  CAN_BE_APPLIED,
  /** It is not applied, and neither is something that it needs. */
  NEEDS_OTHERS_APPLIED_FIRST,
  /** Something that may need it could not be decided. */
  NOT_DECIDED;

  /** For JSON: {@code can-go-alone}. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
