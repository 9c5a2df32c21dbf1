package dev.belay.schema;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.postgres.Database;

/** Knows what the schema of an app should be. */
@FunctionalInterface
public interface Expected {
  /**
   * The schema that the migrations give that were applied to the live database, in the order in
   * which they were.
   *
   * @param live a session with the live database, which is only read
   */
  ExpectedSchema replay(Settings settings, AppSettings app, Database live, Progress progress);
}
