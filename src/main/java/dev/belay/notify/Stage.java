package dev.belay.notify;

import java.time.Duration;
import java.util.List;

/**
 * Whom an incident reaches after a while.
 *
 * @param after its beginning
 * @param channels by name
 */
record Stage(Duration after, List<String> channels) {
  Stage {
    channels = List.copyOf(channels);
  }
}
