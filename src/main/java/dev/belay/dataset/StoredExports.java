package dev.belay.dataset;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The exports in a folder. */
public final class StoredExports {
  /** The newest one. */
  public static final String LATEST = "latest";

  private static final String NAMES =
      "data_export_*.{json,ndjson,json.gz,json.zst,ndjson.gz,ndjson.zst}";

  private StoredExports() {}

  /**
   * The export that somebody names: {@value #LATEST}, a path, or the name of a file in the folder.
   *
   * @param directory where the path begins, unless it is absolute
   * @param folder of the exports
   * @throws Failure UNAVAILABLE when there is none
   */
  public static Path find(Path directory, Path folder, String named) {
    if (named.equals(LATEST)) {
      return newest(folder)
          .orElseThrow(
              () ->
                  Failure.unavailable(
                      "there is no export in " + folder, "make one with: belay export-data"));
    }
    Path path = directory.resolve(named);
    Path inFolder = folder.resolve(named);
    if (!Files.exists(path) && Files.exists(inFolder)) {
      return inFolder;
    }
    if (!Files.exists(path)) {
      throw Failure.unavailable(
          "there is no export " + path, "name a file, or the newest export with: " + LATEST);
    }
    return path;
  }

  /** Names have the moment in them, to the second, and after that a number. */
  private static Optional<Path> newest(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, NAMES)) {
      return StreamSupport.stream(files.spliterator(), false)
          .max(
              Comparator.comparing((Path file) -> stamp(file))
                  .thenComparing(StoredExports::modified)
                  .thenComparing(file -> String.valueOf(file.getFileName())));
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot look for exports in %s: %s".formatted(folder, DurableFiles.reason(cannot)),
              "name the file itself")
          .causedBy(cannot);
    }
  }

  private static String stamp(Path file) {
    String name = String.valueOf(file.getFileName());
    int from = "data_export_".length();
    return name.substring(from, Math.min(name.length(), from + "yyyyMMdd_HHmmss".length()));
  }

  private static java.nio.file.attribute.FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException gone) {
      return java.nio.file.attribute.FileTime.fromMillis(0);
    }
  }
}
