package dev.belay.rehearse;

import dev.belay.archive.BackupStore;
import dev.belay.archive.Level;
import dev.belay.archive.StoredBackup;
import dev.belay.core.Failure;
import java.util.Optional;

/** Which backup a copy is restored from. */
final class BackupChoice {
  private final CopyGround ground;

  BackupChoice(CopyGround ground) {
    this.ground = ground;
  }

  /**
   * The newest backup of the live database of which every byte was read once; one of the damage, or
   * of another server, is taken by its name only.
   */
  Optional<StoredBackup> newest() {
    return new BackupStore(ground.settings().folders().backups())
        .list().stream()
            .filter(StoredBackup::isWayBack)
            .filter(backup -> backup.manifest().database().name().equals(ground.live()))
            .filter(
                backup -> !ground.facts().isElsewhere(backup.manifest()) && !backup.isOfIncident())
            .filter(backup -> backup.state().level().reaches(Level.READABLE))
            .findFirst();
  }

  /**
   * The one of that name.
   *
   * @param name an id, a path or {@code latest}
   * @throws Failure UNAVAILABLE when there is none, or {@code latest} would be none that is usable
   */
  StoredBackup named(String name) {
    BackupStore store = new BackupStore(ground.settings().folders().backups());
    if (!name.equals(BackupStore.LATEST)) {
      return store.find(name);
    }
    return newest()
        .orElseThrow(
            () ->
                Failure.unavailable(
                    "no whole backup of %s on this server in %s is proven readable"
                        .formatted(ground.live(), store.root()),
                    store.list().isEmpty()
                        ? "make one: belay create-backup"
                        : "prove the newest: belay validate-backup latest"));
  }
}
