package dev.belay.core;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that speaks against doing something, collected before anything is done, so that an
 * operator learns of all of it at once and not one by one.
 */
public final class Refusals {
  private final List<String> reasons = new ArrayList<>();
  private final Set<String> remedies = new LinkedHashSet<>();
  private final List<String> warnings = new ArrayList<>();

  /** A reason that makes it impossible or unsafe, and what takes the reason away. */
  public void add(String reason, String remedy) {
    reasons.add(reason);
    remedies.add(remedy);
  }

  /** The reason of a failure. */
  public void add(Failure failure) {
    add(failure.message(), failure.hint());
  }

  /** Something that should be known and stops nothing. */
  public void warn(String warning) {
    warnings.add(warning);
  }

  /** What should be known. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** The reasons that were found. */
  public List<String> reasons() {
    return List.copyOf(reasons);
  }

  /**
   * Stops when there is a reason; the message has all of them.
   *
   * @throws Failure REFUSED
   */
  public void refuse() {
    if (!reasons.isEmpty()) {
      throw Failure.refused(String.join("; ", reasons), String.join("; ", remedies));
    }
  }
}
