package dev.belay.pgtools;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The private age keys of a file, which open what was encrypted to one of them. Never printed. */
public final class Identity {
  private static final String PREFIX = "AGE-SECRET-KEY-1";
  private static final long MOST_BYTES = 1 << 20;

  private final Path file;
  private final List<RecipientStanzaReader> readers;

  private Identity(Path file, List<RecipientStanzaReader> readers) {
    this.file = file;
    this.readers = readers;
  }

  /**
   * Reads the file that the setting {@code identityFile} names.
   *
   * @throws Failure UNAVAILABLE when none is named or it cannot be read, REFUSED when others may
   *     read it, USAGE when it holds no such key
   */
  public static Identity read(Optional<Path> identityFile) {
    return read(
        identityFile.orElseThrow(
            () ->
                Failure.unavailable(
                    "the backup is encrypted, and no identityFile is configured",
                    "name the file with the private key: --set identity-file=<file>")));
  }

  /**
   * Reads a file as {@code age-keygen} writes it: a key per line, comments begin with #.
   *
   * @throws Failure UNAVAILABLE when it cannot be read, REFUSED when others may read it, USAGE when
   *     it holds no such key
   */
  public static Identity read(Path file) {
    List<String> lines = lines(file);
    List<RecipientStanzaReader> readers = new ArrayList<>();
    for (int line = 0; line < lines.size(); line++) {
      String text = lines.get(line).strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        readers.add(reader(file, line + 1, text));
      }
    }
    if (readers.isEmpty()) {
      throw notAnIdentity(file, "holds no key");
    }
    return new Identity(file, readers);
  }

  private static List<String> lines(Path file) {
    try {
      refuseOpen(file);
      if (Files.size(file) > MOST_BYTES) {
        throw notAnIdentity(file, "is too long for one");
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException cannot) {
      String reason = cannot instanceof NoSuchFileException ? "it is not there" : "permission";
      throw Failure.unavailable(
              "cannot read the identityFile " + file + ": " + reason,
              "look at it with: ls -l " + ShellWords.quote(file.toString()))
          .causedBy(cannot);
    }
  }

  private static void refuseOpen(Path file) throws IOException {
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw Failure.refused(
            "everybody on this machine may read the private key in " + file,
            "chmod 600 " + ShellWords.quote(file.toString()));
      }
    } catch (UnsupportedOperationException noModes) {
      // Such a file system cannot say who may read it.
    }
  }

  private static RecipientStanzaReader reader(Path file, int line, String text) {
    if (!text.startsWith(PREFIX)) {
      throw notAnIdentity(file, "has something else in line " + line);
    }
    try {
      return X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(text);
    } catch (GeneralSecurityException | RuntimeException wrong) {
      // Without the cause: its text may hold the key.
      throw notAnIdentity(file, "has a damaged key in line " + line);
    }
  }

  private static Failure notAnIdentity(Path file, String why) {
    return Failure.usage(
        "the identityFile " + file + " is no age identity: it " + why,
        "name the file that age-keygen wrote, with a line that begins with " + PREFIX);
  }

  /** One reader that tries each key in turn, so that one failure stands for all of them. */
  RecipientStanzaReader reader() {
    return this::fileKey;
  }

  private FileKey fileKey(Iterable<RecipientStanza> stanzas) throws GeneralSecurityException {
    for (RecipientStanzaReader reader : readers) {
      try {
        return reader.getFileKey(stanzas);
      } catch (GeneralSecurityException notThisOne) {
        // Another key may fit.
      }
    }
    throw new UnsupportedRecipientStanzaException("no key fits");
  }

  /** Where it was read from. */
  public Path file() {
    return file;
  }

  /** The file, never the keys. */
  @Override
  public String toString() {
    return "identity " + file;
  }
}
