package dev.belay.notify;

import dev.belay.config.Section;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the part {@code notify} of the configuration to its end, whatever is wrong in it: what is
 * right can be used, and all that is wrong is said at once.
 */
final class NotifyReading {
  private static final String SECTION = "notify";
  private static final Duration LONGEST_STAGE = Duration.ofDays(7);

  private final Section section;
  private final Settings settings;
  private final Problems problems = new Problems();
  private final Redaction redaction = new Redaction();

  private NotifyReading(Settings settings) {
    this.settings = settings;
    this.section = settings.section(SECTION);
  }

  /** Whether anything is configured at all; the cheapest question of all. */
  static boolean isConfigured(Settings settings) {
    return !settings.section(SECTION).isEmpty();
  }

  /** All of it. */
  static NotifySettings read(Settings settings) {
    return new NotifyReading(settings).read();
  }

  private NotifySettings read() {
    section
        .unknown(List.of("channels", "escalation", "commands", "commander", "remember"))
        .forEach(problems::add);
    if (settings.reached() != null) {
      settings.reached().password().ifPresent(secret -> redaction.hiding(secret.reveal()));
    }
    Section all = section.section("channels");
    Map<String, ChannelSettings> channels = new LinkedHashMap<>();
    for (String name : all.keys()) {
      new ChannelReading(name, all.section(name), problems, redaction)
          .read()
          .ifPresent(channel -> channels.put(name, channel));
    }
    fallbacks(all);
    return new NotifySettings(
        channels,
        stages(all.keys()),
        problems.read(() -> section.list("commands"), List.of()),
        problems.read(() -> section.text("commander", "not named"), "not named"),
        problems.read(
            () -> section.duration("remember", "1d", Duration.ofSeconds(1), Duration.ofDays(30)),
            Duration.ofDays(1)),
        problems,
        redaction);
  }

  /** A fallback must be there, and must not lead back; looked at also where all else is wrong. */
  private void fallbacks(Section all) {
    Map<String, String> following = new LinkedHashMap<>();
    for (String name : all.keys()) {
      Section channel = all.section(name);
      new Problems()
          .read(() -> channel.text("fallback"), Optional.<String>empty())
          .ifPresent(next -> following.put(name, next));
    }
    Set<String> inCircles = new HashSet<>();
    following.forEach(
        (name, next) -> {
          String where = all.section(name).where("fallback");
          if (!all.keys().contains(next)) {
            problems.add(
                "%s: the fallback '%s' of channel %s is no channel".formatted(where, next, name),
                "name one of: " + String.join(", ", all.keys()));
          }
          List<String> way = way(name, following);
          if (way.size() > 1 && way.get(way.size() - 1).equals(name) && inCircles.addAll(way)) {
            problems.add(
                "%s: fallbacks lead in a circle: %s".formatted(where, String.join(" → ", way)),
                "take the fallback away from one of them");
          }
        });
  }

  /** From one to the next, until there is none, or one comes again. */
  private static List<String> way(String name, Map<String, String> following) {
    List<String> way = new ArrayList<>(List.of(name));
    String next = following.get(name);
    while (next != null && !way.contains(next)) {
      way.add(next);
      next = following.get(next);
    }
    if (next != null) {
      way.add(next);
    }
    return way;
  }

  private List<Stage> stages(Set<String> names) {
    Section escalation = section.section("escalation");
    List<Stage> stages = new ArrayList<>();
    for (String key : escalation.keys()) {
      String where = escalation.where(key);
      Duration after = problems.read(() -> duration(key, where));
      List<String> told = problems.read(() -> escalation.list(key), List.of());
      for (String name : told) {
        if (!names.contains(name)) {
          problems.add(
              "%s: escalation after %s names '%s', which is no channel".formatted(where, key, name),
              names.isEmpty()
                  ? "configure it under notify.channels." + name
                  : "name one of: " + String.join(", ", names));
        }
      }
      if (told.isEmpty()) {
        problems.add(
            "%s: escalation after %s names no channel".formatted(where, key),
            "write for example " + key + ": [team]");
      }
      if (after != null) {
        stages.add(new Stage(after, told.stream().filter(names::contains).toList()));
      }
    }
    stages.sort(Comparator.comparing(Stage::after));
    return stages;
  }

  private static Duration duration(String text, String where) {
    try {
      Duration after = Units.parseDuration(text);
      if (after.compareTo(LONGEST_STAGE) <= 0) {
        return after;
      }
    } catch (Failure notDuration) {
      // The failure below says where it is.
    }
    throw Failure.usage(
        where + ": '" + text + "' of escalation is no time of at most 7 days",
        "write for example escalation: {0m: [team], 15m: [pager]}");
  }
}
