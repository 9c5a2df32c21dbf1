package dev.belay.dataset;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An export that is being written. It lies in a hidden file with the ending {@value #SUFFIX} until
 * {@link #publish}, so that it never looks finished; unless it is published, it is removed when it
 * is closed or the program is interrupted, and by the next run after {@code kill -9}.
 */
final class ExportDraft implements AutoCloseable {
  static final String SUFFIX = ".partial";

  private final Path file;
  private final FileChannel channel;
  private final DigestingStream digesting;
  private final OutputStream text;
  private final Cleanup.Pending removal;

  private ExportDraft(
      Path file,
      FileChannel channel,
      DigestingStream digesting,
      OutputStream text,
      Cleanup.Pending removal) {
    this.file = file;
    this.channel = channel;
    this.digesting = digesting;
    this.text = text;
    this.removal = removal;
  }

  /**
   * Begins one.
   *
   * @param folder made with mode 0700 when it is not there
   * @throws Failure UNAVAILABLE when it cannot be made
   */
  static ExportDraft begin(
      Path folder, RunId run, ExportCompression compression, Consumer<String> warning) {
    Path file = folder.resolve(".data_export." + run + SUFFIX);
    Cleanup.Pending removal = Cleanup.register(() -> remove(file, warning));
    try {
      DurableFiles.createFolders(folder);
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        // Held as long as this process lives, so that others know that it does.
        channel.tryLock();
        DigestingStream digesting = new DigestingStream(channel);
        return new ExportDraft(file, channel, digesting, compression.into(digesting), removal);
      } catch (Throwable broken) {
        channel.close();
        throw broken;
      }
    } catch (IOException | UnsupportedOperationException cannot) {
      removal.close();
      throw Failure.unavailable(
              "cannot write to the folder of the exports %s: %s".formatted(folder, reason(cannot)),
              "see who owns it with: ls -ld %s; or name another: --set folders.data-exports=<folder>"
                  .formatted(ShellWords.quote(folder.toString())))
          .causedBy(cannot);
    }
  }

  /** Removes what killed runs left in the folder, and says so. */
  static void sweep(Path folder, Consumer<String> warning) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ".data_export.*" + SUFFIX)) {
      for (Path file : left) {
        if (DurableFiles.isAbandoned(file)) {
          Files.delete(file);
          warning.accept("removed the unfinished export of a run that was killed: " + file);
        }
      }
    } catch (IOException cannot) {
      warning.accept(
          "cannot look for unfinished exports in %s: %s"
              .formatted(folder, DurableFiles.reason(cannot)));
    }
  }

  /** Where the text of the export goes; publishing closes it. */
  OutputStream text() {
    return text;
  }

  /**
   * Gives it its name, with the checksum beside it; both are on the disk when this returns.
   *
   * @param place gives the name for a number from 1 on, until one is free
   * @throws IOException when something cannot be written; nothing is published then
   */
  Published publish(Names place) throws IOException {
    text.close();
    channel.force(true);
    String sha256 = digesting.sha256();
    long bytes = channel.size();
    FailPoint.reached("export-written");
    Path name = claimed(place, sha256);
    Path checksum = ExportChecksum.beside(name);
    FailPoint.reached("export-checksum");
    try {
      DurableFiles.rename(file, name);
    } catch (IOException cannot) {
      Files.deleteIfExists(checksum);
      throw cannot;
    }
    removal.cancel();
    channel.close();
    return new Published(name, checksum, sha256, bytes);
  }

  /**
   * The checksum comes first: a file that has its name has its checksum as well. Nobody replaces
   * that of another, so whoever has written it has the name.
   */
  private static Path claimed(Names names, String sha256) throws IOException {
    for (int number = 1; ; number++) {
      Path name = names.name(number);
      if (name == null) {
        throw new IOException("there is a file of that name, or a checksum of one, already");
      }
      if (Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      Path checksum = ExportChecksum.beside(name);
      try {
        DurableFiles.writeNew(
            checksum,
            ExportChecksum.line(sha256, String.valueOf(name.getFileName()))
                .getBytes(StandardCharsets.UTF_8));
      } catch (FileAlreadyExistsException taken) {
        continue;
      } catch (IOException half) {
        Files.deleteIfExists(checksum);
        throw half;
      }
      // Between both looks another may have published and lost its checksum.
      if (!Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
        return name;
      }
      Files.deleteIfExists(checksum);
    }
  }

  /** Names to try. */
  @FunctionalInterface
  interface Names {
    /** The name of that number, from 1 on; null when there are no more. */
    @Nullable Path name(int number);
  }

  /**
   * A finished export.
   *
   * @param bytes the file's size
   */
  record Published(Path file, Path checksum, String sha256, long bytes) {}

  private static void remove(Path file, Consumer<String> warning) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException cannot) {
      warning.accept(
          "cannot remove the unfinished export %s: %s; remove it with: rm %s"
              .formatted(file, DurableFiles.reason(cannot), ShellWords.quote(file.toString())));
    }
  }

  private static String reason(Exception cannot) {
    return cannot instanceof IOException io ? DurableFiles.reason(io) : String.valueOf(cannot);
  }

  /** Removes it, unless it was published. */
  @Override
  public void close() {
    removal.close();
    try {
      channel.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Writes to the file and takes the digest of what was written. Closing it closes nothing. */
  private static final class DigestingStream extends OutputStream {
    private final FileChannel channel;
    private final MessageDigest digest = ExportChecksum.sha256();

    DigestingStream(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      digest.update(bytes, offset, length);
    }

    String sha256() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
