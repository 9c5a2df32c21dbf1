package dev.belay.backup;

import dev.belay.archive.Level;
import dev.belay.archive.Selection;
import dev.belay.core.Failure;
import dev.belay.pgtools.Compression;
import dev.belay.pgtools.Recipients;
import java.time.Duration;
import java.util.Optional;

/**
 * What the operator asked for.
 *
 * @param jobs parallel sessions of pg_dump, and of the fingerprints
 * @param stallTimeout pg_dump is ended when it makes no progress for so long
 * @param selection empty: the whole database
 * @param level how far the backup is to be proven at once
 * @param levelAsked whether that level was asked for, and is not only the default
 */
record BackupRequest(
    int jobs,
    Compression compression,
    Recipients recipients,
    Duration stallTimeout,
    Optional<Selection> selection,
    Optional<String> description,
    boolean pin,
    Level level,
    boolean levelAsked) {
  BackupRequest {
    if (selection.isPresent() && level.reaches(Level.RESTORED)) {
      throw Failure.usage(
          "a partial backup cannot be proven " + level + ": it is no database by itself",
          "use --level readable");
    }
  }
}
