package dev.belay.emergency;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.report.ToPaste;
import org.jspecify.annotations.Nullable;

/**
 * What became of something that could be fixed.
 *
 * @param kind such as {@code invalid-index}
 * @param subject what it is about, such as {@code public.orders_id_seq}
 * @param what was done, or why nothing was
 * @param hint what to do about it; null where nothing is left to do
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FixResult(
    String kind,
    String subject,
    FixOutcome outcome,
    @ToPaste String what,
    @ToPaste @Nullable String hint) {

  static FixResult fixed(String kind, String subject, String what) {
    return new FixResult(kind, subject, FixOutcome.FIXED, what, null);
  }

  /** The same, about this database. */
  FixResult with(Again again) {
    return new FixResult(kind, subject, outcome, what, hint == null ? null : again.hint(hint));
  }

  static FixResult left(String kind, String subject, String why, @Nullable String hint) {
    return new FixResult(kind, subject, FixOutcome.LEFT, why, hint);
  }

  /** One line for a person. */
  String line() {
    return "%s: %s %s: %s%s"
        .formatted(
            outcome.word(), kind, subject, what, hint == null ? "" : " (next: " + hint + ")");
  }
}
