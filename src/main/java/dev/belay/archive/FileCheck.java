package dev.belay.archive;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/** The files of a backup against its manifest. */
public final class FileCheck {
  /** What the manifest cannot name: itself, and what changes after it was written. */
  private static final Set<String> BESIDE =
      Set.of(
          ManifestFile.NAME,
          ManifestFile.CHECKSUM,
          BackupState.FILE,
          "." + BackupState.FILE + ".new");

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
      if (!there.remove(file.path())) {
        problems.add("the file " + file.path() + " is missing");
        continue;
      }
      try {
        compare(folder, file, problems, progress);
      } catch (IOException unreadable) {
        problems.add(
            "the file %s cannot be read: %s".formatted(file.path(), unreadable.getMessage()));
      }
    }
    there.forEach(file -> problems.add("the file " + file + " is not of this backup"));
    if (problems.isEmpty()) {
      backup.problem().ifPresent(problems::add);
    }
    return problems;
  }

  private static void compare(
      Path folder, BackupFile file, List<String> problems, LongConsumer progress)
      throws IOException {
    Path path = folder.resolve(file.path());
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      problems.add("the file " + file.path() + " is no ordinary file");
    } else if (attributes.size() != file.bytes()) {
      problems.add(
          "the file %s has %d bytes instead of %d"
              .formatted(file.path(), attributes.size(), file.bytes()));
    } else if (!Sha256.of(path, progress).equals(file.sha256())) {
      problems.add("the file " + file.path() + " is damaged: its SHA-256 is another");
    }
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
