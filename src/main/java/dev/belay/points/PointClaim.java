package dev.belay.points;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.dataset.ExportChecksum;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The id of a point that is being made. Its hidden record is there from the beginning, so that
 * nobody else takes the id, and gets its name last: a point whose record is there is whole.
 */
final class PointClaim implements AutoCloseable {
  private static final String PARTIAL = ".partial";

  private final Path folder;
  private final String id;
  private final FileChannel channel;
  private final Cleanup.Pending removal;

  private PointClaim(Path folder, String id, FileChannel channel, Cleanup.Pending removal) {
    this.folder = folder;
    this.id = id;
    this.channel = channel;
    this.removal = removal;
  }

  /**
   * Takes the first id of that name that is free.
   *
   * @throws Failure UNAVAILABLE when the folder cannot be written to
   */
  static PointClaim take(Path folder, String name, Instant at) {
    try {
      DurableFiles.createFolders(folder);
      for (int number = 1; ; number++) {
        String id = PointName.id(name, at, number);
        Path partial = partial(folder, id);
        if (isTaken(folder, id)) {
          continue;
        }
        Cleanup.Pending removal = Cleanup.register(() -> remove(partial));
        try {
          FileChannel channel =
              FileChannel.open(
                  partial,
                  Set.of(
                      StandardOpenOption.CREATE_NEW,
                      StandardOpenOption.WRITE,
                      LinkOption.NOFOLLOW_LINKS),
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rw-------")));
          // Held as long as this process lives, so that others know that it does.
          channel.tryLock();
          if (!isTaken(folder, id)) {
            return new PointClaim(folder, id, channel, removal);
          }
          channel.close();
          removal.close();
        } catch (FileAlreadyExistsException taken) {
          removal.cancel();
        }
      }
    } catch (IOException | UnsupportedOperationException cannot) {
      throw Failure.unavailable(
              "cannot write to the folder of the exports %s: %s".formatted(folder, cannot),
              "see who owns it with: ls -ld %s; or name another: --set folders.data-exports=<folder>"
                  .formatted(ShellWords.quote(folder.toString())))
          .causedBy(cannot);
    }
  }

  private static boolean isTaken(Path folder, String id) {
    Path data = folder.resolve(id + PointName.DATA);
    return Files.exists(data, LinkOption.NOFOLLOW_LINKS)
        || Files.exists(ExportChecksum.beside(data), LinkOption.NOFOLLOW_LINKS)
        || Files.exists(folder.resolve(id + PointName.RECORD), LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes what killed runs left in the folder, and says so. Data without a record stays. */
  static void sweep(Path folder, Consumer<String> warning) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    String names = "." + PointName.PREFIX + "*" + PointName.RECORD + PARTIAL;
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, names)) {
      for (Path file : left) {
        if (DurableFiles.isAbandoned(file)) {
          Files.delete(file);
          warning.accept("removed the unfinished record of a run that was killed: " + file);
        }
      }
    } catch (IOException cannot) {
      warning.accept(
          "cannot look for unfinished points in %s: %s"
              .formatted(folder, DurableFiles.reason(cannot)));
    }
  }

  String id() {
    return id;
  }

  /** Where the data goes. */
  Path data() {
    return folder.resolve(id + PointName.DATA);
  }

  /**
   * Gives the record its name; it is on the disk when this returns, and the data was before.
   *
   * @throws IOException when it cannot be written; there is data without a record then
   */
  void publish(PointRecord record) throws IOException {
    ByteBuffer text = ByteBuffer.wrap(record.text().getBytes(StandardCharsets.UTF_8));
    while (text.hasRemaining()) {
      channel.write(text);
    }
    channel.force(true);
    FailPoint.reached("point-record");
    DurableFiles.rename(partial(folder, id), folder.resolve(id + PointName.RECORD));
    removal.cancel();
  }

  private static Path partial(Path folder, String id) {
    return folder.resolve("." + id + PointName.RECORD + PARTIAL);
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException left) {
      // The next run sweeps it.
    }
  }

  /** Lets the id go, unless the record has its name. */
  @Override
  public void close() {
    removal.close();
    try {
      channel.close();
    } catch (IOException gone) {
      // Its lock is gone with it.
    }
  }
}
