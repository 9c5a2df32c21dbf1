package dev.belay.drill;

import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Databases;
import java.util.List;

/**
 * What every part of a drill works with.
 *
 * @param databases sessions with the live database
 * @param phases are told of each part
 * @param notes are added to
 */
record DrillGround(
    Settings settings,
    Databases databases,
    DrillRequest request,
    PostgresTools tools,
    Progress progress,
    Phases phases,
    List<String> notes) {
  /** The name of the live database. */
  String live() {
    return settings.target().database();
  }

  /** What was found out counts also where it cannot be written down. */
  void attempt(Runnable note) {
    try {
      note.run();
    } catch (Failure cannot) {
      progress.warn("what was found out was not written down: " + cannot.message());
    }
  }
}
