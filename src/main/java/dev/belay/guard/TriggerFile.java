package dev.belay.guard;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A trigger script on the disk: whole or not there, and never in the place of somebody's work. */
final class TriggerFile {
  private static final String MARK = "# belay create-trigger\n";
  private static final String PROOF = "# unedited: ";
  private static final int LONGEST = 1 << 20;

  private TriggerFile() {}

  /**
   * Writes the script, with mode 0700.
   *
   * @param force whether what is there may be lost
   * @return whether another was replaced
   * @throws Failure REFUSED when something is there that is not to be lost, UNAVAILABLE when it
   *     cannot be written
   */
  static boolean write(Path file, String script, boolean force) {
    boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (there) {
      refuse(file, force);
    }
    Path folder = file.toAbsolutePath().getParent();
    try {
      if (folder != null && !Files.isDirectory(folder)) {
        DurableFiles.createFolders(folder);
      }
      Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      DurableFiles.writeNew(fresh, proven(script).getBytes(StandardCharsets.UTF_8));
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      if (folder != null) {
        DurableFiles.forceFolder(folder);
      }
      return there;
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write %s: %s".formatted(file, DurableFiles.reason(cannot)),
              "name a file in a folder that you may write to: --file "
                  + ShellWords.quote("/tmp/" + file.getFileName()))
          .causedBy(cannot);
    }
  }

  /** The script with the line by which it is known whether somebody has edited it. */
  static String proven(String script) {
    int after = script.indexOf(MARK) + MARK.length();
    return script.substring(0, after) + PROOF + sha256(script) + "\n" + script.substring(after);
  }

  private static void refuse(Path file, boolean force) {
    String quoted = ShellWords.quote(file.toString());
    if (Files.isDirectory(file)) {
      throw Failure.unavailable(file + " is a folder", "name a file in it with --file");
    }
    if (force) {
      return;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !isOurs(file)) {
      throw Failure.refused(
          file + " is there, and no trigger of belay's",
          "name another with --file, or see whether it may go: less " + quoted);
    }
    if (!isUnedited(file)) {
      throw Failure.refused(
          file + " was edited since belay wrote it",
          "keep what was changed, then add --force: less " + quoted);
    }
  }

  private static boolean isOurs(Path file) {
    return text(file).startsWith("#!/bin/sh\n" + MARK);
  }

  private static boolean isUnedited(Path file) {
    String text = text(file);
    int from = text.indexOf(PROOF);
    int to = from < 0 ? -1 : text.indexOf('\n', from);
    return to >= 0
        && text.substring(from + PROOF.length(), to)
            .equals(sha256(text.substring(0, from) + text.substring(to + 1)));
  }

  private static String text(Path file) {
    try {
      return new String(DurableFiles.read(file, LONGEST), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return "";
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
