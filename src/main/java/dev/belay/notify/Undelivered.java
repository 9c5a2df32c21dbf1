package dev.belay.notify;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message that did not reach a channel. It has words of its own and never a cause, since the
 * exceptions of clients quote whole URLs.
 */
final class Undelivered extends RuntimeException {
  @java.io.Serial private static final long serialVersionUID = 1;

  private final boolean passing;
  private final transient @Nullable Duration after;

  private Undelivered(String reason, boolean passing, @Nullable Duration after) {
    super(reason, null, false, false);
    this.passing = passing;
    this.after = after;
  }

  /** It will not be different the next time. */
  static Undelivered forGood(String reason) {
    return new Undelivered(reason, false, null);
  }

  /** The next try may succeed. */
  static Undelivered forNow(String reason) {
    return new Undelivered(reason, true, null);
  }

  /** The next try may succeed, but not before so long. */
  static Undelivered forNow(String reason, Optional<Duration> after) {
    return new Undelivered(reason, true, after.orElse(null));
  }

  boolean passing() {
    return passing;
  }

  /** How long the other side wants to be left alone. */
  Optional<Duration> after() {
    return Optional.ofNullable(after);
  }

  /** Why, in words, without secrets of the configuration that the words are checked for. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
