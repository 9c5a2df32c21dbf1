package dev.belay.restore;

import dev.belay.swap.GuardedRun;

/** What a restore is put together from, for one run. */
interface RestoreParts {
  RestoreSources sources(GuardedRun run);

  MigrationsNow migrations(GuardedRun run);
}
