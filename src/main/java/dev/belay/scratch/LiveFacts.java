package dev.belay.scratch;

import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.DatabaseSetting;
import java.util.List;

/**
 * What of the live database a scratch database has too, because no migration makes it.
 *
 * @param name the name of the live database
 * @param extensions those that are installed there, in the order in which they were
 * @param settings those of the database for all roles
 */
record LiveFacts(
    String name,
    DatabaseLocale locale,
    List<InstalledExtension> extensions,
    List<DatabaseSetting> settings) {
  LiveFacts {
    extensions = List.copyOf(extensions);
    settings = List.copyOf(settings);
  }

  /** An extension of the live database. */
  record InstalledExtension(String name, String schema, String version) {}
}
