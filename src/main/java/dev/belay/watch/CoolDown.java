package dev.belay.watch;

import java.time.Duration;

/** Keeps triggers apart, by a clock that nobody changes. */
final class CoolDown {
  private final long nanos;
  private boolean pulled;
  private long at;

  CoolDown(Duration length) {
    nanos = length.toNanos();
  }

  /** Whether a trigger may be pulled at that moment; if so, it counts as pulled. */
  boolean allows(long now) {
    if (pulled && now - at < nanos) {
      return false;
    }
    pulled = true;
    at = now;
    return true;
  }
}
