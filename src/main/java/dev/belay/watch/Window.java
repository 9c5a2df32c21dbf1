package dev.belay.watch;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Whether a limit is breached: it is when so many of the last values were beyond it, and is not any
 * more when all of the last ones were within it. One bad value alone is none, and one good value
 * among bad ones is no end.
 */
final class Window {
  /** What a value makes of it. */
  enum Change {
    NONE,
    BEGAN,
    OVER
  }

  private final double limit;
  private final int breaches;
  private final int of;
  private final Deque<Boolean> last = new ArrayDeque<>();
  private int beyond;
  private boolean breached;

  Window(double limit, int breaches, int of) {
    this.limit = limit;
    this.breaches = breaches;
    this.of = of;
  }

  double limit() {
    return limit;
  }

  boolean isBreached() {
    return breached;
  }

  /** Whether all of the last values are within it. */
  boolean isClear() {
    return beyond == 0;
  }

  boolean isBeyond(double value) {
    return value > limit;
  }

  Change add(double value) {
    boolean bad = isBeyond(value);
    last.addLast(bad);
    beyond += bad ? 1 : 0;
    if (last.size() > of && last.removeFirst()) {
      beyond--;
    }
    if (!breached && beyond >= breaches) {
      breached = true;
      return Change.BEGAN;
    }
    if (breached && beyond == 0) {
      breached = false;
      return Change.OVER;
    }
    return Change.NONE;
  }
}
