package dev.belay.notify;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is configured under {@code notify}.
 *
 * @param channels that can be used, by name, in the order in which they are written
 * @param stages of the escalation, the earliest first
 * @param commands of whose end people are told, as patterns; empty: the usual ones
 * @param commander who leads in an incident
 * @param remembered how long an event is not told twice
 * @param problems what is wrong; the channels concerned are not among {@code channels}
 */
record NotifySettings(
    Map<String, ChannelSettings> channels,
    List<Stage> stages,
    List<String> commands,
    String commander,
    Duration remembered,
    Problems problems,
    Redaction redaction) {
  NotifySettings {
    channels = Collections.unmodifiableMap(new LinkedHashMap<>(channels));
    stages = List.copyOf(stages);
    commands = List.copyOf(commands);
  }

  @Nullable ChannelSettings channel(String name) {
    return channels.get(name);
  }

  /** How long it is kept what was told: a rate limit counts over its whole time. */
  Duration kept() {
    return channels.values().stream()
        .flatMap(channel -> channel.rate().map(Rate::time).stream())
        .filter(time -> time.compareTo(remembered) > 0)
        .max(Duration::compareTo)
        .orElse(remembered);
  }

  /** The channels of the stages that an incident of that age has reached. */
  Set<String> due(Duration age) {
    Set<String> due = new LinkedHashSet<>();
    stages.stream()
        .filter(stage -> stage.after().compareTo(age) <= 0)
        .forEach(stage -> due.addAll(stage.channels()));
    return due;
  }

  /** How long after its beginning an incident of that age reaches the next stage; null: never. */
  @Nullable Duration next(Duration age) {
    return stages.stream()
        .map(Stage::after)
        .filter(after -> after.compareTo(age) > 0)
        .findFirst()
        .orElse(null);
  }

  /** Whether a channel is told of incidents only when they have lasted for a while. */
  boolean isLater(String name) {
    boolean named = stages.stream().anyMatch(stage -> stage.channels().contains(name));
    return named && !due(Duration.ZERO).contains(name);
  }
}
