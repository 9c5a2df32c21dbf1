package dev.belay.pgtools;

import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.belay.core.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;

/**
 * A file that is first compressed with zstd, then encrypted with age: {@code age -d -i KEY FILE |
 * zstd -d} opens it too. Its plain content is never on disk.
 */
final class EncryptedFile {
  private final Path file;

  EncryptedFile(Path file) {
    this.file = file;
  }

  /**
   * A stream into the file, which is made with mode 0600 and must not be there yet. Only closing it
   * completes the file.
   */
  OutputStream create(Recipients recipients, int level, DigestChannel.Watch watch)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      WritableByteChannel encrypting =
          new StandardEncryptingChannelFactory()
              .newEncryptingChannel(new DigestChannel(channel, watch), recipients.writers());
      return new ZstdOutputStreamNoFinalizer(
              new NeverWholeChunks(Channels.newOutputStream(encrypting)), level)
          .setChecksum(true);
    } catch (GeneralSecurityException impossible) {
      channel.close();
      throw new IOException("cannot encrypt: " + impossible.getMessage(), impossible);
    }
  }

  /**
   * The plain content. Reading it throws {@link IOException} when the file is damaged.
   *
   * @throws Failure UNAVAILABLE when no key of the identity fits, FINDINGS when it is damaged
   */
  InputStream open(Identity identity) throws IOException {
    ReadableByteChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new ZstdInputStreamNoFinalizer(
          new DecryptedStream(
              new StandardDecryptingChannelFactory()
                  .newDecryptingChannel(channel, List.of(identity.reader()))));
    } catch (UnsupportedRecipientStanzaException noKeyFits) {
      channel.close();
      throw Failure.unavailable(
          "no key in " + identity.file() + " opens " + file + ": it was encrypted to others",
          "name the file with the right private key: --set identity-file=<file>");
    } catch (GeneralSecurityException | RuntimeException | IOException damaged) {
      channel.close();
      throw Failure.findings(
              file + " is damaged at its beginning, or no age file at all",
              "choose another backup: belay list-backups")
          .causedBy(damaged);
    }
  }

  /**
   * Proves that the identity opens the file, from its first bytes.
   *
   * @throws Failure UNAVAILABLE when no key fits or it cannot be read, FINDINGS when it is damaged
   */
  void checkKey(Identity identity) {
    try {
      open(identity).close();
    } catch (IOException cannot) {
      throw unreadable(cannot);
    }
  }

  Failure unreadable(IOException cannot) {
    return Failure.unavailable(
            "cannot read " + file + ": " + cannot.getMessage(),
            "choose another backup: belay list-backups")
        .causedBy(cannot);
  }

  /**
   * The library writes no last chunk when the content fills the chunks exactly, so that such a file
   * could not be told from a cut one. An empty zstd frame, which every reader skips, avoids that.
   */
  private static final class NeverWholeChunks extends OutputStream {
    private static final int CHUNK = 64 * 1024;
    private static final byte[] EMPTY_FRAME = {0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};

    private final OutputStream out;
    private long written;

    NeverWholeChunks(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      written += length;
    }

    @Override
    public void close() throws IOException {
      try (out) {
        if (written % CHUNK == 0) {
          write(EMPTY_FRAME, 0, EMPTY_FRAME.length);
        }
      }
    }
  }

  /** The library's channel reports its end together with the last bytes, which would be lost. */
  private static final class DecryptedStream extends InputStream {
    private final ReadableByteChannel channel;

    DecryptedStream(ReadableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] single = new byte[1];
      return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      try {
        channel.read(buffer);
      } catch (UncheckedIOException broken) {
        throw new IOException(broken.getMessage(), broken);
      }
      int read = buffer.position() - offset;
      return read == 0 ? -1 : read;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
