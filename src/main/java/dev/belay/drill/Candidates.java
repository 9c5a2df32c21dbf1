package dev.belay.drill;

import dev.belay.archive.BackupStore;
import dev.belay.archive.Manifest;
import dev.belay.archive.StoredBackup;
import dev.belay.core.Units;
import dev.belay.postgres.ServerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The backups that a drill may try: the whole ones of this database on this server. */
final class Candidates {
  private final BackupStore store;
  private final String live;
  private final Optional<String> server;

  /**
   * @param live name of the database
   * @param server its system identifier
   */
  Candidates(BackupStore store, String live, Optional<String> server) {
    this.store = store;
    this.live = live;
    this.server = server;
  }

  /**
   * Those that were asked for, and what is to be known of the others.
   *
   * @param backups the newest first, and among them folders of which nobody knows of what they are
   * @param none why there are none, in words
   * @param notes what was passed over
   */
  record Found(List<StoredBackup> backups, Optional<String> none, List<String> notes) {}

  /**
   * Finds them.
   *
   * @param name an id, a path, or {@code latest}
   * @throws dev.belay.core.Failure UNAVAILABLE when there is none of that name
   */
  Found of(String name) {
    if (!name.equals(BackupStore.LATEST)) {
      return new Found(List.of(store.find(name)), Optional.empty(), List.of());
    }
    List<StoredBackup> all = store.list();
    List<StoredBackup> found = new ArrayList<>();
    int elsewhere = 0;
    int incidents = 0;
    for (StoredBackup each : all) {
      Optional<Manifest> manifest = each.foundManifest();
      if (manifest.isEmpty()) {
        found.add(each);
      } else if (isElsewhere(manifest.get())) {
        elsewhere++;
      } else if (against(manifest.get()).isEmpty()) {
        if (each.isOfIncident()) {
          incidents++;
        } else {
          found.add(each);
        }
      }
    }
    List<String> notes = new ArrayList<>();
    if (elsewhere > 0) {
      notes.add(
          "%s of a database of the same name on another server: passed over"
              .formatted(Units.count(elsewhere, "backup is", "backups are")));
    }
    if (incidents > 0) {
      notes.add(
          "%s made of the database in trouble: passed over; name it with --backup to drill it"
              .formatted(Units.count(incidents, "backup was", "backups were")));
    }
    return new Found(
        found, found.isEmpty() ? Optional.of(none(all.size())) : Optional.empty(), notes);
  }

  private String none(int all) {
    return all == 0
        ? "there is no backup in %s: make one with belay create-backup".formatted(store.root())
        : "none of the %d backups in %s is a whole one of %s on this server: make one with belay create-backup"
            .formatted(all, store.root(), live);
  }

  private boolean isElsewhere(Manifest manifest) {
    return manifest.database().name().equals(live)
        && ServerInfo.differ(server, manifest.server().systemIdentifier());
  }

  /** Why that backup proves nothing of this database; empty: it does. */
  Optional<String> against(Manifest manifest) {
    if (!manifest.database().name().equals(live)) {
      return Optional.of(
          "it is of %s, and the target is %s".formatted(manifest.database().name(), live));
    }
    if (isElsewhere(manifest)) {
      return Optional.of("it is of a database of the same name on another server");
    }
    return manifest.isComplete()
        ? Optional.empty()
        : Optional.of("it holds only a part of its database");
  }
}
