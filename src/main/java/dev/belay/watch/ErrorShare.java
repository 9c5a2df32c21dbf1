package dev.belay.watch;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The share of failed probes among the last so many. Those that were not made yet count as good, so
 * that the first failure is not everything.
 */
final class ErrorShare {
  private final int window;
  private final Deque<Boolean> last = new ArrayDeque<>();
  private int failed;

  ErrorShare(int window) {
    this.window = window;
  }

  /** In percent, with this probe. */
  double add(boolean fails) {
    last.addLast(fails);
    failed += fails ? 1 : 0;
    if (last.size() > window && last.removeFirst()) {
      failed--;
    }
    return 100.0 * failed / window;
  }
}
