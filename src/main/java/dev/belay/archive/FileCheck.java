package dev.belay.archive;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The files of a backup against its manifest. */
public final class FileCheck {
  /** What the manifest cannot name: itself, and what changes after it was written. */
  private static final Set<String> BESIDE =
      Set.of(
          ManifestFile.NAME,
          ManifestFile.CHECKSUM,
          BackupState.FILE,
          "." + BackupState.FILE + ".new",
          BackupUse.FILE);

  private FileCheck() {}

  /**
   * Reads every byte of every file.
   *
   * @param progress is told of every piece that was read, in bytes
   * @return what differs from the manifest, each naming the file; empty: nothing
   */
  public static List<String> problems(StoredBackup backup, LongConsumer progress) {
    List<String> problems = new ArrayList<>();
    Path folder = backup.folder();
    Set<String> there;
    try {
      there = new TreeSet<>(paths(folder));
    } catch (IOException unreadable) {
      return List.of("the folder cannot be read: " + DurableFiles.reason(unreadable));
    }
    Manifest manifest = backup.foundManifest().orElse(null);
    if (manifest == null) {
      return List.of(backup.problem().orElse("it has no manifest"));
    }
    for (BackupFile file : manifest.files()) {
      there.remove(file.path());
      try {
        compare(folder, file, problems, progress);
      } catch (IOException unreadable) {
        problems.add(
            "the file %s cannot be read: %s"
                .formatted(file.path(), DurableFiles.reason(unreadable)));
      }
    }
    there.forEach(file -> problems.add("the file " + file + " is not of this backup"));
    if (!isEmpty(folder.resolve(BackupUse.FILE))) {
      problems.add("the file " + BackupUse.FILE + " is not empty");
    }
    try {
      BackupState.read(folder);
    } catch (IOException damaged) {
      problems.add(DurableFiles.reason(damaged));
    }
    if (problems.isEmpty()) {
      backup.problem().ifPresent(problems::add);
    }
    return problems;
  }

  private static void compare(
      Path folder, BackupFile file, List<String> problems, LongConsumer progress)
      throws IOException {
    String difference = difference(folder, file);
    if (difference != null) {
      problems.add(difference);
    } else if (!Sha256.of(folder.resolve(file.path()), progress).equals(file.sha256())) {
      problems.add("the file " + file.path() + " is damaged: its SHA-256 is another");
    }
  }

  /** What can be seen of a file without reading it; null: nothing. */
  static @Nullable String difference(Path folder, BackupFile file) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(
              folder.resolve(file.path()), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException missing) {
      return "the file " + file.path() + " is missing";
    }
    if (!attributes.isRegularFile()) {
      return "the file " + file.path() + " is no ordinary file";
    }
    return attributes.size() == file.bytes()
        ? null
        : "the file %s has %d bytes instead of %d"
            .formatted(file.path(), attributes.size(), file.bytes());
  }

  /** The files of a folder with their checksums, sorted by path. */
  static List<BackupFile> inventory(Path folder, LongConsumer progress) throws IOException {
    List<BackupFile> files = new ArrayList<>();
    for (String path : new TreeSet<>(paths(folder))) {
      Path file = folder.resolve(path);
      files.add(new BackupFile(path, Files.size(file), Sha256.of(file, progress)));
    }
    return files;
  }

  private static boolean isEmpty(Path lock) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(lock, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile() && attributes.size() == 0;
    } catch (IOException missing) {
      return true;
    }
  }

  private static List<String> paths(Path folder) throws IOException {
    List<String> paths = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = folder.relativize(file).toString();
            if (!BESIDE.contains(path)) {
              paths.add(path);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return paths;
  }
}
