package dev.belay.rehearse;

import dev.belay.archive.Manifest;
import dev.belay.archive.StoredBackup;
import dev.belay.config.ScratchSettings;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Refusals;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Provision;
import dev.belay.scratch.Room;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Whether a backup is one of the target, and the server of the copies has what it needs. */
final class BackupFit {
  private final CopyGround ground;

  BackupFit(CopyGround ground) {
    this.ground = ground;
  }

  /**
   * Refuses one that cannot be restored here for the target.
   *
   * @param reserve what must stay free beside the copy, in bytes
   * @throws Failure REFUSED when it does not fit
   */
  void refuseUnfit(StoredBackup backup, long reserve) {
    Manifest manifest = backup.manifest();
    Refusals refusals = new Refusals();
    if (!manifest.database().name().equals(ground.live())) {
      refusals.add(
          "the backup %s is of %s, and the target is %s"
              .formatted(backup.id(), manifest.database().name(), ground.live()),
          "choose one of the target: belay list-backups");
    }
    if (!manifest.isComplete()) {
      refusals.add(
          "the backup %s holds only a part of its database".formatted(backup.id()),
          "choose a complete one: belay list-backups");
    }
    try (Database maintenance = ground.maintenance()) {
      if (ground.settings().scratch().server() == ScratchSettings.Server.EMBEDDED) {
        // That server is for this rehearsal alone, and goes with it.
        Provision.missingRoles(maintenance, Set.copyOf(manifest.roles()))
            .forEach(role -> maintenance.execute("create role " + new Identifier(role)));
      }
      lacking(maintenance, manifest)
          .forEach(
              lack ->
                  refusals.add(
                      lack,
                      "make it there, or rehearse on another server: "
                          + ScratchSettings.ON_ANOTHER_SERVER));
      OptionalLong left = ground.room().left(maintenance, 0);
      long needed = Room.needed(manifest.database().bytes()) + reserve;
      if (left.isPresent() && left.getAsLong() < needed) {
        refusals.add(
            "the server has %s of disk space left, and the copy needs some %s"
                .formatted(Units.bytes(left.getAsLong()), Units.bytes(needed)),
            "free disk space, or rehearse elsewhere: " + ScratchSettings.ON_ANOTHER_SERVER);
      }
    }
    refusals.refuse();
    if (ground.facts().isElsewhere(manifest)) {
      ground
          .notes()
          .add(
              "the backup %s is of a database of the same name on another server: what is proven is proven of that one"
                  .formatted(backup.id()));
    }
  }

  /** What the server has not that the backup needs, in words. */
  static List<String> lacking(Database maintenance, Manifest manifest) {
    return Provision.lacking(
            maintenance, Set.copyOf(manifest.roles()), manifest.extensions().keySet())
        .stream()
        .map(Provision.Lack::what)
        .toList();
  }
}
