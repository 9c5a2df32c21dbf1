package dev.belay.migrations;

import java.util.Collection;
import java.util.Comparator;

/** How much a risk matters, the least first. */
public enum RiskLevel {
  /** Nothing was found. */
  none,
  /** Good to know. */
  low,
  /** Somebody should look at it before it runs. */
  medium,
  /** It should not run while the application is used, or not as it is. */
  high,
  /** It destroys data, stops everybody for long, or fails. */
  critical;

  /** The greatest of them; {@link #none} when there is none. */
  public static RiskLevel greatest(Collection<RiskLevel> levels) {
    return levels.stream().max(Comparator.naturalOrder()).orElse(none);
  }

  /** Whether it is that level or above it. */
  public boolean reaches(RiskLevel level) {
    return compareTo(level) >= 0;
  }
}
