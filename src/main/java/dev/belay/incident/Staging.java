package dev.belay.incident;

import dev.belay.archive.DurableFiles;
import java.io.BufferedOutputStream;
import java.io.Closeable;
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

  /**
   * Puts the content in the place of the one before, and returns its length in bytes.
   *
   * @param most bytes that it may have
   * @param why it may not have more
   * @throws TooLong when it has more
   * @throws Unwritable when the disk is at fault, and not what the content is made from
   */
  long put(Item.Content content, long most, String why) throws IOException {
    try {
      channel.truncate(0);
      channel.position(0);
    } catch (IOException cannot) {
      throw new Unwritable(cannot);
    }
    try (OutputStream out =
        new BufferedOutputStream(
            new Limited(new Disk(Channels.newOutputStream(channel)), most, why), BUFFER)) {
      content.write(out);
    }
    return channel.size();
  }

  /** There is no room, or what else the disk says. */
  static final class Unwritable extends IOException {
    private static final long serialVersionUID = 1;

    Unwritable(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** The content is longer than it may be; the message says why it may not. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1;

    TooLong(String why) {
      super(why);
    }
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

  /** Takes so many bytes and no more. */
  static final class Limited extends Unclosed {
    private final long most;
    private final String why;
    private long written;

    Limited(OutputStream out, long most, String why) {
      super(out);
      this.most = most;
      this.why = why;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      written += length;
      if (written > most) {
        throw new TooLong(why);
      }
      out.write(bytes, offset, length);
    }
  }

  /** What breaks behind it is the disk's fault. */
  private static final class Disk extends Unclosed {
    Disk(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException cannot) {
        throw new Unwritable(cannot);
      }
    }
  }
}
