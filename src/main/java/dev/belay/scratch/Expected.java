package dev.belay.scratch;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.postgres.Database;
import java.nio.file.Path;
import java.util.List;

/** Knows what the schema of an app should be. */
@FunctionalInterface
public interface Expected {
  /**
   * The schema that the migrations give that were applied to the live database, in the order in
   * which they were.
   *
   * @param live a session with the live database, which is only read
   * @param jars jars with Java migrations
   */
  ExpectedSchema replay(
      Settings settings, AppSettings app, Database live, List<Path> jars, Progress progress);
}
