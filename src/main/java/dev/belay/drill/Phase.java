package dev.belay.drill;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.belay.report.ToPaste;
import java.util.List;
import java.util.Locale;

/**
 * One part of a drill.
 *
 * @param name such as {@code checksums}
 * @param about what was looked at, such as a backup's id
 * @param findings what is wrong, in words; of one that was not checked, why
 */
public record Phase(
    String name, String about, Outcome outcome, long millis, @ToPaste List<String> findings) {
  public Phase {
    findings = List.copyOf(findings);
  }

  /** How it ended. */
  public enum Outcome {
    /** It is proven. */
    PASSED,
    /** Something is wrong. */
    FAILED,
    /** Something around it kept it from being checked. */
    NOT_CHECKED,
    /** The server cannot do it, and the way back does not need it. */
    SKIPPED;

    /** As it is in JSON. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
