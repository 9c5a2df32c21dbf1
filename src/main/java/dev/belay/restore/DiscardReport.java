package dev.belay.restore;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import java.util.List;

/**
 * Replaced databases were dropped.
 *
 * @param freedBytes what they took, as far as it was known
 */
public record DiscardReport(String target, List<String> dropped, long freedBytes)
    implements Report {
  public DiscardReport {
    dropped = List.copyOf(dropped);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public boolean databaseChanged() {
    return !dropped.isEmpty();
  }

  @Override
  public List<String> lines() {
    if (dropped.isEmpty()) {
      return List.of("no replaced database of " + target + " was dropped");
    }
    return List.of(
        "dropped %s, %s freed: %s"
            .formatted(
                Units.count(dropped.size(), "database", "databases"),
                Units.bytes(freedBytes),
                String.join(", ", dropped)));
  }
}
