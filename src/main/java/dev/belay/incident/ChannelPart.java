package dev.belay.incident;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The first bytes of a file, whoever else reads it; the channel stays open. */
final class ChannelPart extends InputStream {
  private final FileChannel channel;
  private final long size;
  private long position;

  ChannelPart(FileChannel channel, long size) {
    this.channel = channel;
    this.size = size;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int wanted = (int) Math.min(length, size - position);
    int read = wanted <= 0 ? -1 : channel.read(ByteBuffer.wrap(into, offset, wanted), position);
    position += Math.max(0, read);
    return read;
  }
}
