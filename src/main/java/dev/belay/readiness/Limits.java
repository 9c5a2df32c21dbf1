package dev.belay.readiness;

import dev.belay.archive.Level;
import dev.belay.config.Section;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.time.Duration;
import java.util.List;

/**
 * What is still well, from the section {@code readiness}.
 *
 * @param backupMaxAge how old the newest backup may be
 * @param backupLevel how far it must be proven
 * @param diskFactor free disk space must be so many times the size of the database
 * @param longTransaction for how long a transaction may be open
 * @param idleInTransaction for how long a session may hold one and do nothing
 * @param lockWait for how long a session may wait for a lock
 * @param activeSessions in percent of all connections
 * @param connections in percent of all connections
 * @param replicationLag how far a standby may be behind in time
 * @param replicationBytes how far a standby may be behind in bytes
 * @param slotBytes how much a replication slot that nobody reads may keep, in bytes
 * @param roundTrips how many of them are measured
 * @param roundTripMedian how long half of them may take at most
 * @param roundTripSlowest how long 99 of 100 may take at most
 * @param drillMaxAge how long ago the last drill may be
 * @param recent how many of the migrations that were applied last must have an undo script
 */
record Limits(
    Duration backupMaxAge,
    Level backupLevel,
    double diskFactor,
    Duration longTransaction,
    Duration idleInTransaction,
    Duration lockWait,
    double activeSessions,
    double connections,
    Duration replicationLag,
    long replicationBytes,
    long slotBytes,
    int roundTrips,
    Duration roundTripMedian,
    Duration roundTripSlowest,
    Duration drillMaxAge,
    int recent) {
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration YEAR = Duration.ofDays(366);
  private static final Duration LONGEST = YEAR.multipliedBy(10);
  private static final double MOST_TIMES = 1000;

  private static final List<String> KEYS =
      List.of(
          "backupMaxAge",
          "backupLevel",
          "diskFactor",
          "longTransaction",
          "idleInTransaction",
          "lockWait",
          "activeSessions",
          "connections",
          "replicationLag",
          "replicationBytes",
          "slotBytes",
          "roundTrips",
          "roundTripMedian",
          "roundTripSlowest",
          "drillMaxAge",
          "recent");

  /**
   * Reads them.
   *
   * @throws Failure USAGE when one is not known or makes no sense
   */
  static Limits of(Section section) {
    section.allowOnly(KEYS);
    Limits limits =
        new Limits(
            section.duration("backupMaxAge", "24h", Duration.ofSeconds(1), YEAR),
            section.choice("backupLevel", Level.class, Level.READABLE),
            times(section),
            section.duration("longTransaction", "5m", MOMENT, DAY),
            section.duration("idleInTransaction", "1m", MOMENT, DAY),
            section.duration("lockWait", "5s", MOMENT, DAY),
            section.percent("activeSessions", 50),
            section.percent("connections", 80),
            section.duration("replicationLag", "30s", MOMENT, DAY),
            bytes(section, "replicationBytes", "256MB"),
            bytes(section, "slotBytes", "1GB"),
            section.number("roundTrips", 100, 3, 10_000),
            section.duration("roundTripMedian", "100ms", MOMENT, Duration.ofSeconds(5)),
            section.duration("roundTripSlowest", "1s", MOMENT, Duration.ofSeconds(5)),
            section.duration("drillMaxAge", "30d", Duration.ofHours(1), LONGEST),
            section.number("recent", 5, 0, 1000));
    if (limits.roundTripMedian.compareTo(limits.roundTripSlowest) > 0) {
      throw Failure.usage(
          "%s: roundTripMedian is %s, longer than roundTripSlowest with %s"
              .formatted(
                  section.where("roundTripMedian"),
                  Units.duration(limits.roundTripMedian),
                  Units.duration(limits.roundTripSlowest)),
          "write for example roundTripMedian: 100ms and roundTripSlowest: 1s");
    }
    return limits;
  }

  private static double times(Section section) {
    String text = section.text("diskFactor", "3");
    try {
      double times = Double.parseDouble(text.replaceFirst("(?i)\\s*[x×]$", ""));
      if (times > 0 && times <= MOST_TIMES) {
        return times;
      }
    } catch (NumberFormatException notNumber) {
      // The failure below says it.
    }
    throw Failure.usage(
        "%s: readiness.diskFactor is '%s', not a number above 0, to %.0f"
            .formatted(section.where("diskFactor"), text, MOST_TIMES),
        "write for example diskFactor: 3");
  }

  private static long bytes(Section section, String key, String fallback) {
    String text = section.text(key, fallback);
    try {
      return Units.parseBytes(text);
    } catch (Failure notSize) {
      throw Failure.usage(
          section.where(key) + ": readiness." + key + ": " + notSize.message(),
          "write for example " + key + ": " + fallback);
    }
  }
}
