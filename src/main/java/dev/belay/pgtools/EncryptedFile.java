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
      return new ZstdOutputStreamNoFinalizer(Channels.newOutputStream(encrypting), level)
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
          Channels.newInputStream(
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
}
