package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.time.Duration;
import java.util.Optional;

/**
 * How many rows a batch has, and the pause after it.
 *
 * @param rows empty: found by the time that a batch takes, and by what clients notice
 * @param delay the pause; with {@code rows} empty it is found too
 */
public record BatchPace(Optional<Integer> rows, Duration delay) {
  private static final int MOST = 1_000_000;

  /**
   * Reads {@code --batch-size}.
   *
   * @throws Failure USAGE when it is neither {@code auto} nor a number from 1 to a million
   */
  public static BatchPace of(String size, Duration delay) {
    if (size.equalsIgnoreCase("auto")) {
      return new BatchPace(Optional.empty(), Duration.ZERO);
    }
    try {
      int rows = Integer.parseInt(size);
      if (rows >= 1 && rows <= MOST) {
        return new BatchPace(Optional.of(rows), delay);
      }
    } catch (NumberFormatException noNumber) {
      // Told below, as a number out of range is.
    }
    throw Failure.usage(
        "--batch-size %s is neither auto nor a number from 1 to %,d".formatted(size, MOST),
        "use --batch-size auto, which finds a size that clients do not notice");
  }

  /** For the plan. */
  public String words() {
    return rows.map(
            number -> "%,d rows each, with a pause of %s".formatted(number, Units.duration(delay)))
        .orElse("each of some 2 to 3 ms, with a pause of half of that or more");
  }
}
