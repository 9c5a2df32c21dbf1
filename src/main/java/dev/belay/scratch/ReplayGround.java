package dev.belay.scratch;

import dev.belay.cli.Progress;
import dev.belay.config.ScratchSettings;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where and with what migrations are replayed.
 *
 * @param run who replays
 * @param databases sessions of that run
 * @param maintenance the maintenance database of the server on which scratch databases are made
 * @param anchor a session with that database, open until the run ends: by it others know that the
 *     run lives
 * @param guarded whether that server has other databases than ours, so that what it shares must
 *     stay as it is
 * @param live what the scratch databases take over from the live one
 * @param jars where Java migrations are looked for; empty: nowhere
 */
record ReplayGround(
    RunId run,
    Databases databases,
    Target maintenance,
    Database anchor,
    boolean guarded,
    LiveFacts live,
    ScratchSettings settings,
    List<Path> jars,
    ClassLoader classes,
    Progress progress) {

  /** The same where a replay may take at least so long. */
  ReplayGround lasting(Duration atLeast) {
    Duration longest = settings.timeout().compareTo(atLeast) > 0 ? settings.timeout() : atLeast;
    return new ReplayGround(
        run,
        databases,
        maintenance,
        anchor,
        guarded,
        live,
        new ScratchSettings(
            settings.server(),
            settings.url(),
            settings.init(),
            settings.keep(),
            longest,
            settings.copyTimeout(),
            settings.room()),
        jars,
        classes,
        progress);
  }
}
