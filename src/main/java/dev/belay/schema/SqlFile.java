package dev.belay.schema;

import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A script that is written whole or not at all, with mode 0600. */
final class SqlFile {
  private SqlFile() {}

  /** Fails before any work when it could not be written. */
  static void check(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw Failure.usage(
          "the SQL cannot be written to "
              + file
              + ": "
              + (Files.isDirectory(file) ? "it is a folder" : "its folder is not there"),
          "name a file in a folder that is there, or - for the answer itself");
    }
  }

  static void write(Path file, List<String> lines) {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".partial");
    try {
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(fresh, lines);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "the SQL cannot be written to " + file + ": " + cannot.getMessage(),
              "name another file with --sql, or - for the answer itself")
          .causedBy(cannot);
    }
  }
}
