package dev.belay.notify;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an event is to be told.
 *
 * @param channels only these, whatever they want otherwise; empty: as is configured
 * @param template for all of them; empty: as is configured
 * @param test whether to send to each channel alone, and also what it was told already
 * @param dry whether nothing is sent
 * @param time for everything
 * @param hurried whether one try must do
 */
record Order(
    List<String> channels,
    Optional<TemplateChoice> template,
    boolean test,
    boolean dry,
    Duration time,
    boolean hurried) {
  Order {
    channels = List.copyOf(channels);
  }

  /** By the configuration, within that time. */
  static Order usual(Duration time) {
    return new Order(List.of(), Optional.empty(), false, false, time, false);
  }

  /** The program is being ended. */
  static Order hurried(Duration time) {
    return new Order(List.of(), Optional.empty(), false, false, time, true);
  }

  /** To these channels alone. */
  Order to(List<String> others) {
    return new Order(others, template, test, dry, time, hurried);
  }
}
