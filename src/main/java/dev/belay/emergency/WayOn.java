package dev.belay.emergency;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.Units;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way on, with what it costs.
 *
 * @param what it does, in words
 * @param usable whether it can be gone now
 * @param against why not, or what speaks against it; null: nothing
 * @param millis how long it takes; null: not known
 * @param timeBasis where that time is from
 * @param rowsLost rows and values that are lost; null: not known
 * @param rowsLostExact whether they were counted; else there may be more
 * @param loss the same in words
 * @param locks what it locks or closes, in words
 * @param proven how and when it was proven, in words
 * @param command to be pasted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WayOn(
    WayKind kind,
    @ToPaste String what,
    boolean usable,
    @ToPaste @Nullable String against,
    @Nullable Long millis,
    String timeBasis,
    @Nullable Long rowsLost,
    boolean rowsLostExact,
    String loss,
    String locks,
    String proven,
    @ToPaste String command) {

  /** The same, about this database. */
  WayOn with(Again again) {
    return new WayOn(
        kind,
        what,
        usable,
        against == null ? null : again.connected(against),
        millis,
        timeBasis,
        rowsLost,
        rowsLostExact,
        loss,
        locks,
        proven,
        again.command(command));
  }

  /** The lines for a person. */
  List<String> lines() {
    return List.of(
        "%-12s  %s%s"
            .formatted(
                kind.word(),
                what,
                against == null ? "" : (usable ? "; but " : ": not now: ") + against),
        "              time:    %s (%s)".formatted(time(), timeBasis),
        "              loses:   " + loss,
        "              locks:   " + locks,
        "              proven:  " + proven,
        "              command: " + command);
  }

  String time() {
    return millis == null ? "not known" : "about " + Units.duration(Duration.ofMillis(millis));
  }

  /** Whether it is known to lose nothing. */
  boolean losesNothing() {
    return rowsLost != null && rowsLost == 0 && rowsLostExact;
  }
}
