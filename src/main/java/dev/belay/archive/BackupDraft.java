package dev.belay.archive;

import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.journal.JournalHeader;
import dev.belay.process.ShellWords;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
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
  private static final int LONGEST_MAKER_BYTES = 100_000;

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
   *     it, or when somebody else has put a symbolic link in its place
   */
  public static void prepare(Path root) {
    try {
      if (!Files.isSymbolicLink(root)) {
        DurableFiles.createFolders(root);
      }
      boolean sticky = (((Integer) Files.getAttribute(root, "unix:mode")) & 01000) != 0;
      if (!sticky && Files.getPosixFilePermissions(root).contains(OTHERS_WRITE)) {
        throw Failure.refused(
            "everybody may write to the folder of the backups " + root,
            "chmod o-w " + ShellWords.quote(root.toString()));
      }
      Path probe = root.resolve(".belay_" + RunId.fresh());
      DurableFiles.writeNew(probe, "");
      Integer self = (Integer) Files.getAttribute(probe, "unix:uid");
      Files.delete(probe);
      refuseLinkOfOthers(root, self);
    } catch (IOException | UnsupportedOperationException cannot) {
      throw unwritable(root, cannot);
    }
  }

  private static void refuseLinkOfOthers(Path root, Integer self) throws IOException {
    if (!Files.isSymbolicLink(root)) {
      return;
    }
    Integer owner = (Integer) Files.getAttribute(root, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (owner != 0 && !owner.equals(self)) {
      throw Failure.refused(
          "the folder of the backups %s is a symbolic link that another user made".formatted(root),
          "name the folder that is meant: --set folders.backups="
              + ShellWords.quote(root.toRealPath().toString()));
    }
  }

  /**
   * Begins one.
   *
   * @param warning is told, with the next step, when it cannot be removed after a failure
   * @throws Failure UNAVAILABLE when its folder cannot be made
   */
  public static BackupDraft begin(
      Path root,
      String database,
      Instant begin,
      RunId run,
      String address,
      Consumer<String> warning) {
    Path folder = root.resolve("." + BackupId.of(database, begin, 1) + "." + run + SUFFIX);
    Cleanup.Pending removal = Cleanup.register(() -> remove(folder, warning));
    try {
      DurableFiles.createFolder(folder);
    } catch (IOException cannot) {
      // What is there now is not of this run.
      removal.cancel();
      throw unwritable(root, cannot);
    }
    try {
      JournalHeader maker = JournalHeader.here(run, "create-backup", address);
      DurableFiles.writeNew(folder.resolve(MAKER), Json.MAPPER.writeValueAsString(maker) + "\n");
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

  /**
   * Takes the log of the dump that has succeeded into the backup.
   *
   * @throws Failure FAILED when it cannot be written
   */
  public void take(ToolLog log) {
    try {
      log.moveTo(folder.resolve(LOG));
    } catch (IOException cannot) {
      throw unfinished(cannot);
    }
  }

  /**
   * Makes a backup of it: everything to the disk, checksums, manifest, and then its name.
   *
   * @param pinned retention is to leave it alone
   * @param manifest makes the manifest for an id and the files
   * @param read is told of every piece of a file that was read for its checksum, in bytes
   * @throws Failure FAILED when something cannot be written; nothing is published then
   */
  public StoredBackup publish(
      boolean pinned, BiFunction<String, List<BackupFile>, Manifest> manifest, LongConsumer read) {
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
        return publish(place, pinned, manifest.apply(id, files));
      }
      throw new IOException("there are too many backups of this second");
    } catch (IOException cannot) {
      throw unfinished(cannot);
    }
  }

  private Failure unfinished(IOException cannot) {
    return Failure.failed(
            "the backup could not be finished in %s: %s"
                .formatted(root, DurableFiles.reason(cannot)),
            "see whether there is free space with: df -h "
                + ShellWords.quote(root.toString())
                + ", then run it again")
        .causedBy(cannot);
  }

  private StoredBackup publish(Path place, boolean pinned, Manifest manifest) throws IOException {
    ManifestFile.write(folder, manifest);
    DurableFiles.writeNew(
        folder.resolve(BackupState.FILE), new BackupState(pinned, List.of()).text());
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
      byte[] text = DurableFiles.read(folder.resolve(MAKER), LONGEST_MAKER_BYTES);
      JournalHeader maker = Json.MAPPER.readValue(text, JournalHeader.class);
      Complete.check(maker, MAKER);
      return Optional.of(maker);
    } catch (IOException | JacksonException unknown) {
      return Optional.empty();
    }
  }

  private static void remove(Path folder, Consumer<String> warning) {
    try {
      DurableFiles.deleteTree(folder);
    } catch (IOException cannot) {
      warning.accept(
          "cannot remove the unfinished backup %s: %s; remove it with: rm -r %s"
              .formatted(folder, DurableFiles.reason(cannot), ShellWords.quote(folder.toString())));
    }
  }

  private static Failure unwritable(Path root, Exception cannot) {
    String reason =
        Files.exists(root) && !Files.isDirectory(root)
            ? "it is no folder"
            : cannot instanceof IOException io ? DurableFiles.reason(io) : String.valueOf(cannot);
    return Failure.unavailable(
            "cannot write to the folder of the backups %s: %s".formatted(root, reason),
            "see who owns it with: ls -ld %s; or name another: --set folders.backups=<folder>"
                .formatted(ShellWords.quote(root.toString())))
        .causedBy(cannot);
  }

  /** Removes it, unless it was published. */
  @Override
  public void close() {
    removal.close();
  }
}
