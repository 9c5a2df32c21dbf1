package dev.belay.restore;

import java.util.List;

/** The backups that there are. */
interface RestoreSources {
  /**
   * One by id, path or {@code latest}.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when there is none
   */
  RestoreSource find(String backup);

  /** All that are not broken, newest first. */
  List<RestoreSource> list();
}
