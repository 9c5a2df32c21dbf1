package dev.belay.restore;

/** What a restore is put together from, for one run. */
interface RestoreParts {
  RestoreSources sources(RestoreRun run);

  MigrationsNow migrations(RestoreRun run);
}
