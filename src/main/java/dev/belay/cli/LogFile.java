package dev.belay.cli;

import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The file in which everything is logged: created with mode 0600, never by following a trap. */
final class LogFile {
  private LogFile() {}

  /**
   * Sees to it that the file is there and can be written.
   *
   * @throws Failure UNAVAILABLE when it cannot be
   */
  static void prepare(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw unwritable(file, "there is no folder " + folder);
    }
    try {
      refuseStrangersLink(file);
      if (!Files.exists(file)) {
        createUnlessAnother(Files.isSymbolicLink(file) ? target(file) : file);
      }
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        throw unwritable(file, "it is a folder");
      }
      // A pipe would block until somebody reads it.
      if (attributes.isOther() && !file.toAbsolutePath().startsWith("/dev")) {
        throw unwritable(file, "it is no ordinary file");
      }
      if (!Files.isWritable(file)) {
        throw unwritable(file, "permission denied");
      }
    } catch (IOException cannot) {
      throw unwritable(file, reason(cannot)).causedBy(cannot);
    }
  }

  /** Another Belay in the same folder may be first. */
  private static void createUnlessAnother(Path file) throws IOException {
    FileAttribute<?> mode =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try {
      Files.createFile(file, mode);
    } catch (FileAlreadyExistsException another) {
      // It is there, which is all that was wanted.
    }
  }

  /** In a folder that all may write to, another user's link could point to any file of ours. */
  private static void refuseStrangersLink(Path file) throws IOException {
    if (!Files.isSymbolicLink(file)) {
      return;
    }
    String owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
    if (!owner.equals("root") && !owner.equals(System.getProperty("user.name"))) {
      throw unwritable(file, "it is a symbolic link of user " + owner);
    }
  }

  private static Path target(Path link) throws IOException {
    return link.toAbsolutePath().resolveSibling(Files.readSymbolicLink(link));
  }

  private static String reason(IOException cannot) {
    return switch (cannot.getClass().getSimpleName()) {
      case "AccessDeniedException" -> "permission denied";
      case "NoSuchFileException" -> "its folder is not there";
      default -> String.valueOf(cannot.getMessage());
    };
  }

  static Failure unwritable(Path file, String reason) {
    return Failure.unavailable(
        "cannot write the log " + file + ": " + reason,
        "name another with --log-file, or run in a folder that you may write to");
  }
}
