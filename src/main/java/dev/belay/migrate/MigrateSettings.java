package dev.belay.migrate;

import dev.belay.archive.Level;
import dev.belay.config.Section;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.migrations.RiskLevel;
import dev.belay.readiness.Topic;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the section {@code migrate} of the configuration says.
 *
 * @param failOn refuse from this level of risk on; empty: refuse none
 * @param backup how far the backup that is made first is proven; empty: none is made
 * @param accept points of readiness that may be as they are
 * @param zeroDowntime whether the application always works meanwhile
 * @param maxLock how long others may have to wait
 * @param lockTries how often a migration is tried for which a lock is not given
 * @param monitor whether machine and database are watched meanwhile
 * @param watch how long it is watched afterwards; empty: as the kind of the migration has it
 */
record MigrateSettings(
    Optional<RiskLevel> failOn,
    Optional<Level> backup,
    Set<Topic> accept,
    boolean zeroDowntime,
    Duration maxLock,
    int lockTries,
    boolean monitor,
    Optional<Duration> watch) {
  static final String NONE = "none";
  private static final int MOST_TRIES = 1000;

  MigrateSettings {
    accept = Set.copyOf(accept);
  }

  /**
   * Reads it.
   *
   * @throws Failure USAGE for what makes no sense
   */
  static MigrateSettings of(Settings settings) {
    Section section = settings.section("migrate");
    section.allowOnly(
        List.of(
            "failOn",
            "backupLevel",
            "accept",
            "zeroDowntime",
            "maxLock",
            "lockTries",
            "monitor",
            "watch"));
    return new MigrateSettings(
        failOn(section.where("failOn"), section.text("failOn", RiskLevel.critical.name())),
        backup(section.text("backupLevel", Level.READABLE.toString())),
        topics(section.where("accept"), section.list("accept")),
        section.flag("zeroDowntime", false),
        section.duration("maxLock", "500ms", Duration.ofMillis(10), Duration.ofMinutes(1)),
        section.number("lockTries", 12, 1, MOST_TRIES),
        section.flag("monitor", true),
        section.has("watch")
            ? Optional.of(section.duration("watch", "60s", Duration.ZERO, Duration.ofHours(1)))
            : Optional.empty());
  }

  /** A level of risk; {@code none}: no risk stops it. */
  static Optional<RiskLevel> failOn(String where, String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (word.equals(NONE)) {
      return Optional.empty();
    }
    return Stream.of(RiskLevel.values())
        .filter(level -> level != RiskLevel.none && level.name().equals(word))
        .findFirst()
        .map(Optional::of)
        .orElseThrow(
            () ->
                Failure.usage(
                    "%s: there is no risk '%s'".formatted(where, text),
                    "use none, low, medium, high or critical"));
  }

  /** A level of a backup; {@code none}: none is made. */
  static Optional<Level> backup(String text) {
    return text.strip().equalsIgnoreCase(NONE) ? Optional.empty() : Optional.of(Level.parse(text));
  }

  /** Points of readiness by their names. */
  static Set<Topic> topics(String where, List<String> names) {
    Set<Topic> topics = EnumSet.noneOf(Topic.class);
    for (String name : names) {
      topics.add(
          Stream.of(Topic.values())
              .filter(topic -> topic.word().equals(name.strip().toLowerCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow(
                  () ->
                      Failure.usage(
                          "%s: there is no point '%s' of readiness".formatted(where, name),
                          "use one of: "
                              + Stream.of(Topic.values())
                                  .map(Topic::word)
                                  .collect(Collectors.joining(", ")))));
    }
    return topics;
  }
}
