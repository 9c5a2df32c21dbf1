package dev.belay.archive;

import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.journal.JournalHeader;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import tools.jackson.core.JacksonException;

/**
 * A backup that is being made. It lies in a hidden folder with the ending {@value #SUFFIX} until
 * {@link #publish}, so that it never looks finished; unless it is published, it is removed when it
 * is closed or the program is interrupted, and by the next run after {@code kill -9}.
 */
public final class BackupDraft implements AutoCloseable {
  static final String SUFFIX = ".partial";
  private static final String MAKER = "run.json";
  private static final String LOG = "run.log";
  private static final int MOST_IN_ONE_SECOND = 1000;

  private final Path root;
  private final String database;
  private final Instant begin;
  private final Path folder;
  private final Cleanup.Pending removal;

  private BackupDraft(
      Path root, String database, Instant begin, Path folder, Cleanup.Pending removal) {
    this.root = root;
    this.database = database;
    this.begin = begin;
    this.folder = folder;
    this.removal = removal;
  }

  /**
   * Proves that backups can be written, before anything is asked of a server.
   *
   * @param root made when it is not there
   * @throws Failure UNAVAILABLE when it cannot be written to, REFUSED when everybody may write to
   *     it
   */
  public static void prepare(Path root) {
    try {
      DurableFiles.createFolders(root);
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(root);
      boolean sticky = (((Integer) Files.getAttribute(root, "unix:mode")) & 01000) != 0;
      if (mode.contains(PosixFilePermission.OTHERS_WRITE) && !sticky) {
        throw Failure.refused(
            "everybody may write to the folder of the backups " + root, "chmod o-w " + root);
      }
      Path probe = root.resolve(".belay_" + RunId.fresh());
      DurableFiles.writeNew(probe, "");
      Files.delete(probe);
    } catch (IOException | UnsupportedOperationException cannot) {
      throw unwritable(root, cannot);
    }
  }

  /**
   * Begins one.
   *
   * @throws Failure UNAVAILABLE when its folder cannot be made
   */
  public static BackupDraft begin(
      Path root, String database, Instant begin, RunId run, String address) {
    Path folder = root.resolve("." + BackupId.of(database, begin, 1) + "." + run + SUFFIX);
    Cleanup.Pending removal = Cleanup.register(() -> remove(folder));
    try {
      DurableFiles.createFolder(folder);
      JournalHeader maker = JournalHeader.here(run, "create-backup", address);
      DurableFiles.writeNew(folder.resolve(MAKER), Json.MAPPER.writeValueAsString(maker) + "\n");
      DurableFiles.writeNew(folder.resolve(LOG), "");
      return new BackupDraft(root, database, begin, folder, removal);
    } catch (IOException cannot) {
      removal.close();
      throw unwritable(root, cannot);
    }
  }

  /** The folder that it is made in. */
  public Path folder() {
    return folder;
  }

  /** Where every program that is run for it says what it does. */
  public Path log() {
    return folder.resolve(LOG);
  }

  /**
   * Makes a backup of it: everything to the disk, checksums, manifest, and then its name.
   *
   * @param manifest makes the manifest for an id and the files
   * @param read is told of every piece of a file that was read for its checksum, in bytes
   * @throws Failure FAILED when something cannot be written; nothing is published then
   */
  public StoredBackup publish(
      BiFunction<String, List<BackupFile>, Manifest> manifest, LongConsumer read) {
    try {
      DurableFiles.forceTree(folder);
      List<BackupFile> files = FileCheck.inventory(folder, read);
      FailPoint.reached("backup-dumped");
      for (int number = 1; number <= MOST_IN_ONE_SECOND; number++) {
        String id = BackupId.of(database, begin, number);
        Path place = root.resolve(id);
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        return publish(place, manifest.apply(id, files));
      }
      throw new IOException("there are too many backups of this second");
    } catch (IOException cannot) {
      throw Failure.failed(
              "the backup could not be finished in %s: %s"
                  .formatted(root, DurableFiles.reason(cannot)),
              "see whether there is free space with: df -h " + root + ", then run it again")
          .causedBy(cannot);
    }
  }

  private StoredBackup publish(Path place, Manifest manifest) throws IOException {
    ManifestFile.write(folder, manifest);
    DurableFiles.writeNew(folder.resolve(BackupState.FILE), BackupState.unproven().text());
    DurableFiles.forceFolder(folder);
    FailPoint.reached("backup-manifest");
    DurableFiles.rename(folder, place);
    removal.cancel();
    FailPoint.reached("backup-published");
    return StoredBackup.read(place);
  }

  /** Who makes the one in that folder, where it says so. */
  static Optional<JournalHeader> maker(Path folder) {
    try {
      return Optional.of(
          Json.MAPPER.readValue(Files.readString(folder.resolve(MAKER)), JournalHeader.class));
    } catch (IOException | JacksonException unknown) {
      return Optional.empty();
    }
  }

  private static void remove(Path folder) {
    try {
      DurableFiles.deleteTree(folder);
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot remove the unfinished backup %s: %s"
                  .formatted(folder, DurableFiles.reason(cannot)),
              "rm -r " + folder)
          .causedBy(cannot);
    }
  }

  private static Failure unwritable(Path root, Exception cannot) {
    String reason =
        cannot instanceof IOException io ? DurableFiles.reason(io) : String.valueOf(cannot);
    return Failure.unavailable(
            "cannot write to the folder of the backups %s: %s".formatted(root, reason),
            "make it writable, or name another with folders.backups")
        .causedBy(cannot);
  }

  /** Removes it, unless it was published. */
  @Override
  public void close() {
    removal.close();
  }
}
