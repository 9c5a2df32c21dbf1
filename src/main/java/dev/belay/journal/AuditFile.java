package dev.belay.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The lines of the audit trail from the last one back, or from the first one on, in constant
 * memory. What lies behind the last line end is no line: see {@link #fragment()}.
 */
final class AuditFile implements Closeable {
  private static final int BLOCK = 1 << 16;

  private final FileChannel channel;
  private final long size;
  private byte[] block = new byte[0];
  private long blockAt;
  private long at;

  /**
   * @param size what is beyond is not looked at: somebody may be writing it
   */
  AuditFile(FileChannel channel, long size) {
    this.channel = channel;
    this.size = size;
  }

  /** What a crash left behind the last line end; empty: nothing. */
  byte[] fragment() throws IOException {
    long from = lineEndBefore(size) + 1;
    return read(from, size);
  }

  /** Goes behind the last line end, to be followed by {@link #lineBefore()}. */
  void toEnd() throws IOException {
    at = lineEndBefore(size) + 1;
  }

  /** The line before this place; null: there is none. */
  byte @Nullable [] lineBefore() throws IOException {
    if (at <= 0) {
      return null;
    }
    long end = at - 1;
    long from = lineEndBefore(end) + 1;
    at = from;
    return read(from, end);
  }

  /** The line at this place, at first the first one; null: there is none that ended. */
  byte @Nullable [] lineAfter() throws IOException {
    long end = lineEndFrom(at);
    if (end < 0) {
      return null;
    }
    long from = at;
    at = end + 1;
    return read(from, end);
  }

  /** Of a line that is longer than any of Belay's only so much that it is seen to be. */
  private byte[] read(long from, long to) throws IOException {
    byte[] line = new byte[(int) Math.min(to - from, AuditLine.LONGEST_BYTES + 1)];
    fill(line, from);
    return line;
  }

  /** Where the last line end before that place is; -1: nowhere. */
  private long lineEndBefore(long place) throws IOException {
    for (long look = place - 1; look >= 0; look--) {
      if (byteAt(look, true) == '\n') {
        return look;
      }
    }
    return -1;
  }

  private long lineEndFrom(long place) throws IOException {
    for (long look = place; look < size; look++) {
      if (byteAt(look, false) == '\n') {
        return look;
      }
    }
    return -1;
  }

  private byte byteAt(long place, boolean backwards) throws IOException {
    if (place < blockAt || place >= blockAt + block.length) {
      long from = backwards ? Math.max(0, place - BLOCK + 1) : place;
      long length = Math.min(size - from, BLOCK);
      block = new byte[(int) length];
      blockAt = from;
      fill(block, from);
    }
    return block[(int) (place - blockAt)];
  }

  private void fill(byte[] into, long from) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(into);
    while (bytes.hasRemaining()) {
      // Where somebody cut it meanwhile, what is missing does not fit any hash.
      if (channel.read(bytes, from + bytes.position()) < 0) {
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
