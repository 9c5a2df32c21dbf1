package dev.belay.rehearse;

import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.postgres.Database;
import dev.belay.scratch.Room;
import dev.belay.scratch.ScratchDatabase;
import dev.belay.scratch.ScratchReplay;
import java.util.List;

/**
 * Where copies with data are made, and of which live database.
 *
 * @param facts of the live database
 * @param notes is told what the operator should know of the copy
 */
record CopyGround(
    Settings settings,
    ScratchReplay replay,
    LiveFacts facts,
    Progress progress,
    List<String> notes) {

  /** The name of the live database. */
  String live() {
    return settings.target().database();
  }

  /** The free disk space of the server on which copies are made. */
  Room room() {
    return new Room(live(), settings.scratch().room());
  }

  /** A session with the maintenance database of that server. The caller closes it. */
  Database maintenance() {
    return replay.databases().open(replay.maintenance());
  }

  /** A session with a copy. The caller closes it. */
  Database session(ScratchDatabase copy) {
    return replay.databases().open(copy.target());
  }
}
