package dev.belay.cli;

import dev.belay.core.Units;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What to do when another Belay is working on the same database. */
public final class WaitOptions {
  @Option(
      names = "--wait",
      paramLabel = "<duration>",
      description =
          "Wait so long for another belay that works on the database, such as 10m (default: fail at"
              + " once and say who it is).")
  private String wait = "0s";

  /** How long to wait; zero: not at all. */
  public Duration longest() {
    return Units.parseDuration(wait);
  }
}
