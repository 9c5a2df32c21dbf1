package dev.belay.pgtools;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A folder of files, measured and closed to others.
 *
 * @param bytes size of all files
 * @param files number of files
 */
record Output(long bytes, int files) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** Its size now; what vanishes meanwhile does not count. */
  static Output of(Path folder) {
    try {
      return walk(folder, false);
    } catch (IOException changing) {
      return new Output(0, 0);
    }
  }

  /** Gives every file the mode 0600, whatever the umask was. */
  static Output close(Path folder) throws IOException {
    return walk(folder, true);
  }

  private static Output walk(Path folder, boolean close) throws IOException {
    long[] sums = new long[2];
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            sums[0] += attributes.size();
            sums[1]++;
            if (close) {
              Files.setPosixFilePermissions(file, OWNER_ONLY);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
            if (close) {
              throw gone;
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return new Output(sums[0], (int) sums[1]);
  }
}
