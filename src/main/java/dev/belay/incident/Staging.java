package dev.belay.incident;

import dev.belay.archive.DurableFiles;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Room on the disk for one file of an archive at a time, since its length stands before it. It has
 * no name: whatever ends the program, nothing of it is left.
 */
final class Staging implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;

  /**
   * @param file a name that is free for a moment
   */
  Staging(Path file) throws IOException {
    Files.deleteIfExists(file);
    DurableFiles.writeNew(file, new byte[0]);
    channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    Files.delete(file);
  }

  /** Puts the content in the place of the one before, and returns its length in bytes. */
  long put(Item.Content content) throws IOException {
    channel.truncate(0);
    channel.position(0);
    try (OutputStream out =
        new BufferedOutputStream(new Open(Channels.newOutputStream(channel)), BUFFER)) {
      content.write(out);
    }
    return channel.size();
  }

  /** The content from its beginning; to be read before the next one is put there. */
  InputStream content() throws IOException {
    channel.position(0);
    return Channels.newInputStream(channel);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static final class Open extends FilterOutputStream {
    Open(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
