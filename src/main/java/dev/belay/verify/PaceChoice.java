package dev.belay.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.integrity.Pace;
import dev.belay.postgres.Database;
import java.util.Optional;

/**
 * How hard the server is worked, and why.
 *
 * @param mode gentle or fast
 * @param jobs sessions at once
 * @param reason who or what decided
 */
record PaceChoice(String mode, int jobs, String reason) {
  private static final String GENTLE = "gentle";

  /** As asked; where nobody asked, gently on a server that is busy. */
  static PaceChoice of(Optional<Boolean> asked, int jobs, Database session) {
    if (asked.isPresent()) {
      return asked.get()
          ? new PaceChoice(GENTLE, 1, "--gentle")
          : new PaceChoice("fast", jobs, "--fast");
    }
    Load load = Load.sample(session);
    return load.isBusy()
        ? new PaceChoice(GENTLE, 1, "the server is busy: " + load.reason())
        : new PaceChoice("fast", jobs, "the server is idle: " + load.reason());
  }

  @JsonIgnore
  Pace pace() {
    return mode.equals(GENTLE) ? Pace.forBusy() : Pace.fast(jobs);
  }

  /** One line for a person. */
  @JsonIgnore
  String line() {
    return mode.equals(GENTLE)
        ? "pace: gentle, in short steps with rests; " + reason
        : "pace: fast, in %d %s; %s".formatted(jobs, jobs == 1 ? "session" : "sessions", reason);
  }
}
