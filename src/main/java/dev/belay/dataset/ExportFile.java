package dev.belay.dataset;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/**
 * An export that is read: its header at once, its rows as a stream. Whatever its size, memory is
 * needed for a buffer and the header only. What is in it is believed only as far as it was checked;
 * every fault is told with its line and byte.
 *
 * <pre>{@code
 * try (ExportFile export = ExportFile.open(path, true, bytes -> {})) {
 *   export.read(rows -> ExportLoading.load(session, rows, live));
 * }
 * }</pre>
 */
public final class ExportFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MAGIC_BYTES = 4;

  private final Path path;
  private final long size;
  private final Told told;
  private final InputStream text;
  private final ExportReading reading;

  private ExportFile(Path path, long size, Told told, InputStream text, ExportReading reading) {
    this.path = path;
    this.size = size;
    this.told = told;
    this.text = text;
    this.reading = reading;
  }

  /** Takes one table after the other. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * A table; its rows are read here or passed over. What was not read has been looked at all the
     * same when the next table comes.
     */
    void table(ExportRows rows);
  }

  /**
   * Opens one, compares it with its checksum, and reads its header.
   *
   * @param checked whether it must have a checksum that fits; false: it is not looked at
   * @param progress is told of every piece that was read for the checksum, in bytes
   * @throws Failure UNAVAILABLE when it cannot be read or a newer Belay made it, REFUSED when it
   *     has no checksum, FINDINGS when it is not what it was, or no export
   */
  public static ExportFile open(Path path, boolean checked, LongConsumer progress) {
    if (Files.isDirectory(path)) {
      throw Failure.unavailable(
          path + " is a folder, and not an export",
          "name a file of it: ls " + ShellWords.quote(path.toString()));
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        if (checked) {
          ExportChecksum.verify(path, channel, progress);
          channel.position(0);
        }
        Told told = new Told(Channels.newInputStream(channel));
        InputStream text = text(told, path);
        return new ExportFile(path, channel.size(), told, text, ExportReading.begin(text, path));
      } catch (Throwable broken) {
        channel.close();
        throw broken;
      }
    } catch (IOException cannot) {
      throw unreadable(path, cannot);
    }
  }

  private static Failure unreadable(Path path, IOException cannot) {
    return Failure.unavailable(
            "cannot read the export %s: %s".formatted(path, DurableFiles.reason(cannot)),
            "see what is there with: ls -l "
                + ShellWords.quote(String.valueOf(path.toAbsolutePath().getParent())))
        .causedBy(cannot);
  }

  /** What it is compressed with shows in its first bytes; its name may have been changed. */
  private static InputStream text(InputStream file, Path path) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(file, BUFFER_BYTES);
    buffered.mark(MAGIC_BYTES);
    byte[] magic = buffered.readNBytes(MAGIC_BYTES);
    buffered.reset();
    if (magic.length == MAGIC_BYTES) {
      try {
        if (magic[0] == 0x1F && magic[1] == (byte) 0x8B) {
          return new GZIPInputStream(buffered, BUFFER_BYTES);
        }
      } catch (IOException cut) {
        throw Failure.findings(
                "%s begins like a gzip file and is none: %s".formatted(path, cut.getMessage()),
                "take another copy of the export, or make a new one: belay export-data")
            .causedBy(cut);
      }
      if (magic[0] == 0x28
          && magic[1] == (byte) 0xB5
          && magic[2] == 0x2F
          && magic[3] == (byte) 0xFD) {
        return new ZstdInputStreamNoFinalizer(buffered);
      }
    }
    return buffered;
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The size of the file in bytes. */
  public long bytes() {
    return size;
  }

  /** What it says of itself. */
  public ExportHeader header() {
    return reading.header();
  }

  /**
   * Goes through all tables, in the order of the header, and to the end of the file. Once.
   *
   * @return the rows of all tables
   * @throws Failure FINDINGS with line and byte where the file is truncated, damaged, or changed by
   *     hand; whatever the visitor throws
   */
  public long read(Visitor visitor) {
    return read(visitor, passed -> {});
  }

  /**
   * The same.
   *
   * @param progress is told of every piece of the file that was read, in bytes
   */
  public long read(Visitor visitor, LongConsumer progress) {
    told.progress = progress;
    return reading.tables(visitor);
  }

  /** Tells how much was read. */
  private static final class Told extends FilterInputStream {
    private LongConsumer progress = passed -> {};

    Told(InputStream file) {
      super(file);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      progress.accept(Math.max(0, read));
      return read;
    }
  }

  /** Lets the file go. */
  @Override
  public void close() {
    try {
      text.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
