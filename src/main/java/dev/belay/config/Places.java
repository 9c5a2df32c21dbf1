package dev.belay.config;

import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files as the operator names them: how they are found, shown and read. */
record Places(Path directory, Path home) {
  /**
   * The path, absolute: {@code ~/} is the home folder, a relative one begins in the working
   * directory.
   *
   * @throws Failure USAGE when it can be no path
   */
  Path resolve(String path, String source) {
    try {
      if (path.equals("~")) {
        return home;
      }
      return path.startsWith("~/")
          ? home.resolve(path.substring(2)).normalize()
          : directory.resolve(path).normalize();
    } catch (InvalidPathException invalid) {
      throw Failure.usage(
          source + " names a file that cannot exist", "write a path without null characters");
    }
  }

  /** The path as short as it is still clear: relative to the working directory, or to {@code ~}. */
  String show(Path path) {
    if (path.startsWith(directory) && !path.equals(directory)) {
      return directory.relativize(path).toString();
    }
    return path.startsWith(home) && !path.equals(home)
        ? "~/" + home.relativize(path)
        : path.toString();
  }

  /**
   * The whole text of a file.
   *
   * @throws Failure UNAVAILABLE when it cannot be read, USAGE when it is not UTF-8
   */
  String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (MalformedInputException notText) {
      throw Failure.usage(show(file) + " is not UTF-8 text", "save " + show(file) + " as UTF-8")
          .causedBy(notText);
    } catch (IOException unreadable) {
      throw Failure.unavailable(
              "cannot read " + show(file), "look at its permissions with: ls -ld " + show(file))
          .causedBy(unreadable);
    }
  }

  /** Whether anybody but the owner may use the file in any way; never so without POSIX modes. */
  static boolean isOpenToOthers(Path file) {
    return !mode(file).endsWith("00");
  }

  /** The mode as {@code chmod} takes it, such as {@code 0640}; {@code 0600} without POSIX modes. */
  static String mode(Path file) {
    try {
      String letters = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
      int mode = 0;
      for (int bit = 0; bit < letters.length(); bit++) {
        mode = mode * 2 + (letters.charAt(bit) == '-' ? 0 : 1);
      }
      return String.format("%04o", mode);
    } catch (IOException | UnsupportedOperationException unknown) {
      return "0600";
    }
  }
}
