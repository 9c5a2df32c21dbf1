package dev.belay.rehearse;

import dev.belay.archive.BackupStore;
import dev.belay.archive.Level;
import dev.belay.archive.StoredBackup;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which backup a copy is restored from. */
final class BackupChoice {
  private final CopyGround ground;
  private final Wanted wanted;
  private Optional<StoredBackup> ahead = Optional.empty();

  /**
   * @param wanted what the copy should not have in force
   */
  BackupChoice(CopyGround ground, Wanted wanted) {
    this.ground = ground;
    this.wanted = wanted;
  }

  /**
   * The newest that has nothing of what is pending; where each has some of it, the newest. Whoever
   * takes it tells so by {@link #told}.
   */
  Optional<StoredBackup> newest() {
    List<StoredBackup> usable = usable();
    Optional<StoredBackup> fitting =
        usable.stream().filter(backup -> wanted.in(backup.manifest()).isEmpty()).findFirst();
    ahead =
        fitting.isEmpty() || fitting.get().equals(usable.get(0))
            ? Optional.empty()
            : Optional.of(usable.get(0));
    return fitting.or(() -> usable.stream().findFirst());
  }

  /** Says why that one was chosen, when it is not the newest of all. */
  StoredBackup told(StoredBackup chosen) {
    if (ahead.isPresent()) {
      String why =
          "the newest backup, %s, has %s in force, which is pending in the live database: %s is taken, %s old"
              .formatted(
                  ahead.get().id(),
                  String.join(", ", wanted.in(ahead.get().manifest())),
                  chosen.id(),
                  Units.duration(Duration.between(chosen.takenAt(), Instant.now())));
      ground.progress().step(why);
      ground.notes().add(why);
    }
    return chosen;
  }

  /**
   * The backups of the live database of which every byte was read once, the newest first; one of
   * the damage, or of another server, is taken by its name only.
   */
  private List<StoredBackup> usable() {
    return new BackupStore(ground.settings().folders().backups())
        .list().stream()
            .filter(StoredBackup::isWayBack)
            .filter(backup -> backup.manifest().database().name().equals(ground.live()))
            .filter(
                backup -> !ground.facts().isElsewhere(backup.manifest()) && !backup.isOfIncident())
            .filter(backup -> backup.state().level().reaches(Level.READABLE))
            .toList();
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
        .map(this::told)
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
