package dev.belay.emergency;

import dev.belay.config.Section;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.util.List;

/**
 * The section {@code emergency} of the configuration.
 *
 * @param export patterns of the tables that are exported; empty: as {@link CriticalExport} chooses
 * @param exportLimitBytes so much is exported at most where nobody named the tables
 * @param checkLimitBytes all data of databases up to this size is checked at the end
 */
record EmergencySettings(List<String> export, long exportLimitBytes, long checkLimitBytes) {
  static final String NAME = "emergency";

  private static final String EXPORT = "export";
  private static final String EXPORT_LIMIT = "exportLimit";
  private static final String CHECK_LIMIT = "checkLimit";

  EmergencySettings {
    export = List.copyOf(export);
  }

  /**
   * Reads it.
   *
   * @throws Failure USAGE when there is something wrong with it
   */
  static EmergencySettings of(Settings settings) {
    Section section = settings.section(NAME);
    section.allowOnly(List.of(EXPORT, EXPORT_LIMIT, CHECK_LIMIT));
    return new EmergencySettings(
        section.list(EXPORT),
        bytes(section, EXPORT_LIMIT, "1GB"),
        bytes(section, CHECK_LIMIT, "10GB"));
  }

  private static long bytes(Section section, String key, String fallback) {
    String text = section.text(key, fallback);
    try {
      return Units.parseBytes(text);
    } catch (Failure notSize) {
      throw Failure.usage(
          "%s: %s.%s is '%s', not a size".formatted(section.where(key), NAME, key, text),
          "write for example %s: %s".formatted(key, fallback));
    }
  }
}
