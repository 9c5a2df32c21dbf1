package dev.belay.restore;

import dev.belay.archive.BackupStore;
import dev.belay.pgtools.PostgresTools;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Optional;

/** The backups of the archive. */
final class StoredSources implements RestoreSources {
  private final GuardedRun run;
  private final PostgresTools tools;
  private final BackupStore store;

  StoredSources(GuardedRun run, PostgresTools tools) {
    this.run = run;
    this.tools = tools;
    this.store = new BackupStore(run.settings().folders().backups());
  }

  @Override
  public RestoreSource find(String backup) {
    return new StoredSource(run, tools, store.find(backup, Optional.of(run.live())));
  }

  @Override
  public List<RestoreSource> list() {
    return store.list().stream()
        .filter(backup -> backup.problem().isEmpty())
        .<RestoreSource>map(backup -> new StoredSource(run, tools, backup))
        .toList();
  }
}
