package dev.belay.incident;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A file that is made whole or not at all, with mode 0600, and never in the place of another. */
final class NewFile {
  private static final int BUFFER = 1 << 16;
  private static final Duration A_WHILE = Duration.ofDays(1);

  private NewFile() {}

  /** Writes what is in it. */
  @FunctionalInterface
  interface Content {
    void write(OutputStream into) throws IOException;
  }

  /**
   * Refuses a name that is taken.
   *
   * @throws Failure REFUSED when there is something of that name; UNAVAILABLE when there is no such
   *     folder
   */
  static void refuseTaken(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw Failure.refused(
          file + " is there already, and nothing is overwritten",
          "name another with --out, or put it away: mv %s %s"
              .formatted(ShellWords.quote(file.toString()), ShellWords.quote(file + ".old")));
    }
    Path folder = folder(file);
    if (!Files.isDirectory(folder)) {
      throw Failure.unavailable(
          "there is no folder " + folder, "mkdir -p " + ShellWords.quote(folder.toString()));
    }
  }

  /**
   * The first name that is not taken: the given one, or that with a number.
   *
   * @param suffix such as {@code .html}
   */
  static Path free(Path folder, String stem, String suffix) {
    for (int number = 1; ; number++) {
      Path file = folder.resolve(stem + (number == 1 ? "" : "_" + number) + suffix);
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return file;
      }
    }
  }

  /**
   * Writes it. What is half written when that fails, or a signal comes, is removed.
   *
   * @return its length in bytes
   * @throws Failure REFUSED when there is something of that name; UNAVAILABLE when it cannot be
   *     written
   */
  static long write(Path file, Content content) {
    refuseTaken(file);
    Path partial = sibling(file, ".partial");
    removeAbandoned(file);
    try (Cleanup.Pending signal = Cleanup.register(() -> delete(partial))) {
      try {
        DurableFiles.writeNew(partial, new byte[0]);
        try (FileChannel channel =
            FileChannel.open(partial, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
          content.write(out);
          out.flush();
          channel.force(true);
        }
        publish(partial, file);
        signal.cancel();
        return Files.size(file);
      } catch (FileAlreadyExistsException another) {
        delete(partial);
        refuseTaken(file);
        throw another;
      } catch (IOException | RuntimeException broken) {
        delete(partial);
        throw broken;
      }
    } catch (IOException cannot) {
      throw unwritable(file, cannot);
    } catch (UncheckedIOException cannot) {
      throw unwritable(file, Objects.requireNonNull(cannot.getCause()));
    }
  }

  /** A second name replaces no file, whoever made one meanwhile. */
  private static void publish(Path partial, Path file) throws IOException {
    try {
      Files.createLink(file, partial);
    } catch (FileAlreadyExistsException another) {
      throw another;
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      // Not every file system has them.
      DurableFiles.rename(partial, file);
      return;
    }
    delete(partial);
    DurableFiles.forceFolder(folder(file));
  }

  /**
   * A hidden name beside the file that nobody else has.
   *
   * @param suffix that says what it is
   */
  static Path sibling(Path file, String suffix) {
    return file.resolveSibling(
        ".%s.%d-%08x%s"
            .formatted(
                file.getFileName(),
                ProcessHandle.current().pid(),
                ThreadLocalRandom.current().nextInt(),
                suffix));
  }

  /** What a killed process left of a file of that name; it is not whole, as its name says. */
  private static void removeAbandoned(Path file) {
    Pattern name =
        Pattern.compile(
            Pattern.quote("." + file.getFileName() + ".") + "\\d+-[0-9a-f]{8}\\.partial");
    try (Stream<Path> all = Files.list(folder(file))) {
      for (Path each :
          all.filter(other -> name.matcher(String.valueOf(other.getFileName())).matches())
              .filter(other -> Runs.modified(other).isBefore(Instant.now().minus(A_WHILE)))
              .toList()) {
        delete(each);
      }
    } catch (IOException | UncheckedIOException cannot) {
      // It is there for another time.
    }
  }

  private static Failure unwritable(Path file, IOException cannot) {
    return Failure.unavailable(
            "cannot write %s: %s".formatted(file, DurableFiles.reason(cannot)),
            "free disk space, or name a file on another disk with --out; see: df -h "
                + ShellWords.quote(folder(file).toString()))
        .causedBy(cannot);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException cannot) {
      // Its name says that it is not whole.
    }
  }

  private static Path folder(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }
}
