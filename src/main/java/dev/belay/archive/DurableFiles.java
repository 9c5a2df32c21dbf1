package dev.belay.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and folders that are on the disk, and not only in its cache, when a method returns, and
 * that nobody but the owner may read. A symbolic link is never followed.
 */
public final class DurableFiles {
  private DurableFiles() {}

  /** Creates a folder with mode 0700 that must not be there yet. */
  static void createFolder(Path folder) throws IOException {
    Files.createDirectory(folder, mode("rwx------"));
  }

  /** Creates a folder with mode 0700, and those above it, where they are not there. */
  public static void createFolders(Path folder) throws IOException {
    Files.createDirectories(folder, mode("rwx------"));
  }

  /** Writes a file with mode 0600 that must not be there yet. */
  static void writeNew(Path file, String text) throws IOException {
    writeNew(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file with mode 0600 that must not be there yet. */
  public static void writeNew(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            mode("rw-------"))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /**
   * Reads a file that may be of anybody: only an ordinary one, which is not followed when it is a
   * symbolic link, and no more of it than that many bytes.
   *
   * @throws IOException with the reason in words when it is missing, something else, or longer
   */
  public static byte[] read(Path file, int longest) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException missing) {
      throw new IOException("the file " + file.getFileName() + " is missing", missing);
    }
    if (!attributes.isRegularFile()) {
      throw new IOException("the file " + file.getFileName() + " is no ordinary file");
    }
    try (InputStream bytes = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] read = bytes.readNBytes(longest);
      if (bytes.read() >= 0) {
        throw new IOException(
            "the file %s is longer than %d bytes".formatted(file.getFileName(), longest));
      }
      return read;
    }
  }

  /** Puts a new file in the place of another, so that a reader sees the old or the new one. */
  public static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    writeNew(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceFolder(parent(file));
  }

  /** Renames within one folder; the name must be free. */
  public static void rename(Path from, Path to) throws IOException {
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new java.nio.file.FileAlreadyExistsException(to.toString());
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    forceFolder(parent(to));
  }

  /**
   * Brings everything in a folder to the disk, and takes away what others may do with it: pg_dump
   * makes its files as the umask says.
   */
  static void forceTree(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isRegularFile()) {
              // The mode of what a link leads to would be changed.
              throw new IOException(file + " is no ordinary file");
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            force(file, StandardOpenOption.WRITE);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException broken)
              throws IOException {
            if (broken != null) {
              throw broken;
            }
            Files.setPosixFilePermissions(visited, PosixFilePermissions.fromString("rwx------"));
            forceFolder(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Brings the entries of a folder to the disk. */
  public static void forceFolder(Path folder) throws IOException {
    force(folder, StandardOpenOption.READ);
  }

  /** Removes a folder and what is in it; nothing when it is not there. */
  static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
              throw gone;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException broken)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** What stands in the way, in words. */
  public static String reason(IOException cannot) {
    return switch (cannot.getClass().getSimpleName()) {
      case "AccessDeniedException" -> "permission denied: " + cannot.getMessage();
      case "NoSuchFileException" -> "not there: " + cannot.getMessage();
      case "FileAlreadyExistsException" -> "it is there already: " + cannot.getMessage();
      case "DirectoryNotEmptyException" -> "not empty: " + cannot.getMessage();
      case "NotDirectoryException" -> "no folder: " + cannot.getMessage();
      default -> String.valueOf(cannot.getMessage());
    };
  }

  private static void force(Path file, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(file, option)) {
      channel.force(true);
    }
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  /** Permissions in the form {@code rw-------} for something that is made. */
  static FileAttribute<Set<PosixFilePermission>> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }

  /**
   * Whether nobody writes to a file any more that its writer keeps locked for as long as it lives;
   * what is no file of its own, such as a link, is left alone.
   *
   * @throws IOException when it cannot be opened
   */
  public static boolean isAbandoned(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException ours) {
      return false;
    }
  }
}
