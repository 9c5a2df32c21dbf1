package dev.belay.pgtools;

import java.time.Duration;
import java.util.List;

/**
 * A finished restore.
 *
 * @param leftOut entries of the archive that were not restored, as {@code pg_restore --list} shows
 *     them, because the target's user may not or because they would act by themselves
 * @param ignored errors that are known to be of no consequence, in the tool's words
 */
public record RestoreResult(Duration duration, List<String> leftOut, List<String> ignored) {
  public RestoreResult {
    leftOut = List.copyOf(leftOut);
    ignored = List.copyOf(ignored);
  }
}
