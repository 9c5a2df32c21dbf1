package dev.belay.rehearse;

import dev.belay.archive.StoredBackup;
import dev.belay.config.ScratchSettings;
import dev.belay.core.Failure;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import java.util.Optional;

/**
 * Makes a copy with its data of the live database, or of a backup of it; the live one is only read,
 * and left alone.
 */
final class Copying {
  private final CopyGround ground;
  private final TemplateCopy template;
  private final BackupChoice backups;
  private final RestoredCopy restored;

  /**
   * @param tools with pg_restore
   * @param wanted what the copy should not have in force
   */
  Copying(CopyGround ground, PostgresTools tools, Wanted wanted) {
    this.ground = ground;
    this.template = new TemplateCopy(ground);
    this.backups = new BackupChoice(ground, wanted);
    this.restored = new RestoredCopy(ground, tools);
  }

  /**
   * Makes it.
   *
   * @throws Failure REFUSED when the live database cannot be copied, and that was asked for; or
   *     when a backup that was named does not fit; UNAVAILABLE when there is nothing to make it of,
   *     no right, or no room; FINDINGS when the backup is damaged
   */
  DataCopy make(RehearseRequest request) {
    DataCopy copy = made(request);
    if (copy.against().isEmpty()) {
      return copy;
    }
    Failure against = copy.against().get();
    try {
      copy.close();
    } catch (Failure stays) {
      against.addSuppressed(stays);
    }
    throw against;
  }

  private DataCopy made(RehearseRequest request) {
    mayCreate();
    if (request.from() == RehearseRequest.From.BACKUP) {
      return restored.make(backups.named(request.backup()), request.jobs(), false);
    }
    Optional<String> against = template.against();
    if (request.from() == RehearseRequest.From.LIVE) {
      if (against.isPresent()) {
        throw notCopied(against.get());
      }
      try {
        return template.make();
      } catch (TemplateCopy.NotCopied cannot) {
        throw notCopied(cannot.why()).causedBy(cannot.failure());
      }
    }
    Optional<StoredBackup> usable = backups.newest();
    if (against.isEmpty() && ground.settings().isProduction() && usable.isPresent()) {
      against =
          Optional.of(
              "in production whoever connects would have to wait for it; --from-live copies it all the same");
    }
    if (against.isEmpty()) {
      try {
        return template.make();
      } catch (TemplateCopy.NotCopied cannot) {
        against = Optional.of(cannot.why());
      }
    }
    String why = "not copied from the live database: " + against.get();
    if (usable.isEmpty()) {
      throw Failure.unavailable(
          "there is nothing to make a copy of: %s; and no backup of %s on this server in %s is proven readable"
              .formatted(against.get(), ground.live(), ground.settings().folders().backups()),
          "make one: belay create-backup");
    }
    ground.progress().step(why);
    ground.notes().add(why);
    return restored.make(backups.told(usable.get()), request.jobs(), false);
  }

  private static Failure notCopied(String why) {
    return Failure.refused(
        "the live database cannot be copied: " + why,
        "rehearse on a backup: belay rehearse --from-backup");
  }

  private void mayCreate() {
    try (Database maintenance = ground.maintenance()) {
      if (!CopyQueries.mayCreate(maintenance)) {
        throw Failure.unavailable(
            "a rehearsal needs a scratch database, and %s may not create one"
                .formatted(ground.replay().maintenance().user()),
            "rehearse a backup on a server of belay's own: --set scratch.server=embedded;"
                + " or on another: "
                + ScratchSettings.ON_ANOTHER_SERVER);
      }
    }
  }
}
