package dev.belay.archive;

import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.journal.JournalHeader;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of the backups. */
public final class BackupStore {
  /** The name by which the newest whole backup is meant, never that of a part. */
  public static final String LATEST = "latest";

  private static final String DELETING = ".deleting";

  private final Path root;

  /**
   * @param root it need not be there
   */
  public BackupStore(Path root) {
    this.root = root;
  }

  /** The folder. */
  public Path root() {
    return root;
  }

  /**
   * Every backup, whole or broken, the newest first. Those that are being made are not among them.
   *
   * @throws Failure UNAVAILABLE when the folder cannot be read
   */
  public List<StoredBackup> list() {
    return folders().stream()
        .filter(BackupStore::looksLikeOne)
        .map(StoredBackup::read)
        .sorted(
            Comparator.comparing(StoredBackup::takenAt).reversed().thenComparing(StoredBackup::id))
        .toList();
  }

  /** Backups that are being made now, or that a run which died left, with who made them. */
  public List<UnfinishedBackup> unfinished() {
    return folders().stream()
        .filter(folder -> folder.getFileName().toString().endsWith(BackupDraft.SUFFIX))
        .map(folder -> new UnfinishedBackup(folder, BackupDraft.maker(folder)))
        .toList();
  }

  /**
   * Removes what runs that died left: unfinished backups of this machine, and backups whose removal
   * was begun.
   *
   * @return what was removed, or could not be, in words
   */
  public List<String> sweep() {
    List<String> done = new ArrayList<>();
    unfinished().stream().filter(left -> !left.isInProgress()).forEach(left -> sweep(left, done));
    folders().stream()
        .filter(folder -> folder.getFileName().toString().endsWith(DELETING))
        .forEach(folder -> remove(folder, "what was left of a deleted backup", done));
    return done;
  }

  /**
   * Removes the unfinished backups that dead runs left of one database, for somebody who holds its
   * operation lock: nobody else is making one of it.
   *
   * @param target {@code database@host:port}
   * @return what was removed, or could not be, in words
   */
  public List<String> sweepOf(String target) {
    List<String> done = new ArrayList<>();
    unfinished().stream()
        .filter(left -> left.maker().filter(maker -> maker.target().equals(target)).isPresent())
        .filter(left -> !left.isInProgress())
        .forEach(left -> sweep(left, done));
    return done;
  }

  private static void sweep(UnfinishedBackup left, List<String> done) {
    String run = left.maker().map(JournalHeader::run).orElse("an unknown run");
    remove(left.folder(), "the unfinished backup of " + run, done);
  }

  private static void remove(Path folder, String what, List<String> done) {
    try {
      DurableFiles.deleteTree(folder);
      done.add(what + " was removed: " + folder.getFileName());
    } catch (IOException cannot) {
      done.add(
          "%s could not be removed: %s: %s"
              .formatted(what, folder.getFileName(), DurableFiles.reason(cannot)));
    }
  }

  /**
   * Deletes a backup. Its first step takes its name away, so that what a crash leaves is never
   * taken for a backup; {@link #sweep} finishes it then.
   *
   * @throws Failure REFUSED when somebody is using it, FAILED when it cannot be removed
   */
  public void delete(StoredBackup backup) {
    try (BackupUse mine =
        BackupUse.exclusive(backup.folder())
            .orElseThrow(
                () ->
                    Failure.refused(
                        "the backup " + backup.id() + " is in use by another belay",
                        "run the same command again when it is done"))) {
      Path hidden = backup.folder().resolveSibling("." + backup.id() + DELETING);
      DurableFiles.rename(backup.folder(), hidden);
      FailPoint.reached("backup-deleting");
      DurableFiles.deleteTree(hidden);
      DurableFiles.forceFolder(root);
    } catch (IOException cannot) {
      throw Failure.failed(
              "the backup %s could not be deleted: %s"
                  .formatted(backup.id(), DurableFiles.reason(cannot)),
              "see who owns it with: ls -la " + ShellWords.quote(backup.folder().toString()))
          .causedBy(cannot);
    }
  }

  /**
   * A backup by its id, its path, or {@value #LATEST}: the newest that is whole and was not made of
   * a database in trouble.
   *
   * @throws Failure UNAVAILABLE when there is none such
   */
  public StoredBackup find(String name) {
    return find(name, Optional.empty());
  }

  /**
   * The same; {@value #LATEST} is the newest of that database.
   *
   * @param database empty: of any
   * @throws Failure UNAVAILABLE when there is none such
   */
  public StoredBackup find(String name, Optional<String> database) {
    if (name.equals(LATEST)) {
      return list().stream()
          .filter(StoredBackup::isWayBack)
          .filter(backup -> !backup.isOfIncident())
          .filter(
              backup ->
                  database.isEmpty() || database.get().equals(backup.manifest().database().name()))
          .findFirst()
          .orElseThrow(
              () ->
                  Failure.unavailable(
                      "there is no whole backup%s in %s"
                          .formatted(database.map(of -> " of " + of).orElse(""), root),
                      "make one: belay create-backup"));
    }
    Path folder = folder(name);
    if (!Files.isDirectory(folder)) {
      throw Failure.unavailable(
          "there is no backup '%s' in %s, and no such folder".formatted(name, root),
          "see which there are: belay list-backups");
    }
    String last = String.valueOf(folder.getFileName());
    if (last.endsWith(BackupDraft.SUFFIX) || last.endsWith(DELETING)) {
      throw Failure.unavailable(
          "%s is no backup: it is %s"
              .formatted(name, last.endsWith(DELETING) ? "being deleted" : "not finished"),
          "see which there are: belay list-backups");
    }
    return StoredBackup.read(folder);
  }

  /** The folder that a name may mean: directly below the root, else wherever the path leads. */
  private Path folder(String name) {
    try {
      Path path = Path.of(name.isEmpty() ? "/dev/null" : name);
      boolean plain = path.getNameCount() == 1 && path.equals(path.normalize());
      Path byId = root.resolve(path);
      return (plain && !name.startsWith(".") && Files.isDirectory(byId) ? byId : path)
          .toAbsolutePath()
          .normalize();
    } catch (InvalidPathException no) {
      return Path.of("/dev/null");
    }
  }

  /** Folders directly below the root. What is no folder is none of ours. */
  private List<Path> folders() {
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root)) {
      List<Path> folders = new ArrayList<>();
      entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .forEach(folders::add);
      return folders;
    } catch (IOException unreadable) {
      throw Failure.unavailable(
              "cannot read the folder of the backups %s: %s"
                  .formatted(root, DurableFiles.reason(unreadable)),
              "see who owns it with: ls -ld " + ShellWords.quote(root.toString()))
          .causedBy(unreadable);
    }
  }

  /** A folder that somebody put there, such as lost+found, is no broken backup. */
  private static boolean looksLikeOne(Path folder) {
    String name = folder.getFileName().toString();
    return !name.startsWith(".")
        && (BackupId.FORM.matcher(name).matches()
            || Files.exists(folder.resolve(ManifestFile.NAME))
            || Files.exists(folder.resolve(BackupState.FILE)));
  }
}
