package dev.belay.restore;

import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
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
    StoredBackup found =
        backup.equals(BackupStore.LATEST)
            ? latest().orElseGet(() -> store.find(backup, Optional.of(run.live())))
            : store.find(backup);
    return new StoredSource(run, tools, found);
  }

  /** Servers that have databases of the same name may share a folder; a part is no way back. */
  private Optional<StoredBackup> latest() {
    List<StoredBackup> whole =
        store.list().stream()
            .filter(StoredBackup::isWayBack)
            .filter(backup -> backup.manifest().database().name().equals(run.live()))
            .filter(this::isMeant)
            .toList();
    if (whole.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> server;
    try (Database session = run.openMaintenance()) {
      server = ServerInfo.systemIdentifier(session);
    }
    // Where all are of other servers, the newest of them is named in the refusal.
    return whole.stream()
        .filter(backup -> !ServerInfo.differ(server, backup.manifest().server().systemIdentifier()))
        .findFirst()
        .or(() -> whole.stream().findFirst());
  }

  /** One that was made of the damage is restored by its name only. */
  private boolean isMeant(StoredBackup backup) {
    if (backup.isOfIncident()) {
      run.progress()
          .detail(
              "passed over, since emergency-recovery made it of the database in trouble: "
                  + backup.id());
    }
    return !backup.isOfIncident();
  }

  @Override
  public List<RestoreSource> list() {
    return store.list().stream()
        .filter(backup -> backup.problem().isEmpty())
        .filter(this::isMeant)
        .<RestoreSource>map(backup -> new StoredSource(run, tools, backup))
        .toList();
  }
}
