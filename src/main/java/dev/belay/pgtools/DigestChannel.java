package dev.belay.pgtools;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Passes bytes on, counting them and taking their SHA-256 on the way. */
final class DigestChannel implements WritableByteChannel {
  /** What is known of the bytes; the count may be read by another thread. */
  static final class Watch {
    private final AtomicLong bytes = new AtomicLong();
    private final MessageDigest digest = sha256();

    long bytes() {
      return bytes.get();
    }

    /** The digest in hexadecimal digits; once, at the end. */
    String digest() {
      return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  private final WritableByteChannel out;
  private final Watch watch;

  DigestChannel(WritableByteChannel out, Watch watch) {
    this.out = out;
    this.watch = watch;
  }

  @Override
  public int write(ByteBuffer buffer) throws IOException {
    ByteBuffer same = buffer.duplicate();
    int written = out.write(buffer);
    same.limit(same.position() + written);
    watch.digest.update(same);
    watch.bytes.addAndGet(written);
    return written;
  }

  @Override
  public boolean isOpen() {
    return out.isOpen();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
