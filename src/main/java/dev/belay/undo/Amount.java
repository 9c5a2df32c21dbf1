package dev.belay.undo;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.core.Units;
import java.util.Optional;

/**
 * A number of rows or values in the live database.
 *
 * @param number empty when it is not known
 * @param exact whether they were counted; else the number is the server's estimate
 */
public record Amount(Optional<Long> number, boolean exact) {
  /** Nobody knows. */
  public static final Amount UNKNOWN = new Amount(Optional.empty(), false);

  /** They were counted. */
  public static Amount counted(long number) {
    return new Amount(Optional.of(number), true);
  }

  /** The server's estimate. */
  public static Amount about(long number) {
    return new Amount(Optional.of(number), false);
  }

  /** Whether it is known that there is none. */
  @JsonIgnore
  public boolean isNone() {
    return exact && number.orElse(1L) == 0;
  }

  /** For people, such as {@code about 1,200 rows}. */
  public String words(String one, String many) {
    return number
        .map(known -> (exact ? "" : "about ") + Units.count(known, one, many))
        .orElse("an unknown number of " + many);
  }
}
