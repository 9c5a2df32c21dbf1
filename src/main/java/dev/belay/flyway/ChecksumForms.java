package dev.belay.flyway;

import dev.belay.config.AppSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Finds out why a recorded checksum is not that of the script: whether it is that of the same text,
 * computed another way. Then the text is proven to be what was applied, up to the chance of one in
 * four thousand million that any two texts have the same checksum.
 */
public final class ChecksumForms {
  /** Larger scripts are not held in memory only to explain a difference. */
  private static final long LARGEST_BYTES = 64_000_000;

  private static final List<Charset> ENCODINGS =
      List.of(
          StandardCharsets.UTF_8,
          Charset.forName("windows-1252"),
          StandardCharsets.ISO_8859_1,
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_16BE);

  /**
   * What was found.
   *
   * @param sameText whether Flyway, as it is configured, reads the very text that was applied
   * @param explanation how the recorded checksum came about, as a sentence
   */
  public record Form(boolean sameText, String explanation) {}

  private ChecksumForms() {}

  /** How the recorded checksum can be that of this script; empty: the text was changed. */
  public static Optional<Form> explain(AppSettings app, MigrationScript script, int recorded) {
    Path file = script.file();
    Charset encoding =
        ScriptSettings.of(app, file, (other, why) -> {}).encoding((other, why) -> {});
    try {
      if (Files.size(file) > LARGEST_BYTES) {
        return Optional.empty();
      }
      String text = text(file, encoding);
      Optional<Form> same = otherSum(text, encoding, recorded);
      return same.isPresent() ? same : otherEncoding(file, encoding, recorded);
    } catch (IOException unreadable) {
      return readableOtherwise(file, encoding, recorded);
    }
  }

  /** The same characters, summed up as older versions of Flyway did. */
  private static Optional<Form> otherSum(String text, Charset encoding, int recorded) {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    String unix = plain.replace("\r\n", "\n");
    for (String whole : List.of(plain, unix, unix.replace("\n", "\r\n"))) {
      if (sum(whole.getBytes(encoding)) == recorded
          || sum(("\uFEFF" + whole).getBytes(encoding)) == recorded) {
        return Optional.of(
            new Form(
                true,
                "it is the checksum that Flyway before version 4 recorded for this very text, with"
                    + " its line ends"));
      }
    }
    String lines = plain.replace("\r", "").replace("\n", "");
    if (sum(("\uFEFF" + lines).getBytes(StandardCharsets.UTF_8)) == recorded) {
      return Optional.of(
          new Form(
              true, "it is the checksum of this very text with a byte order mark at its begin"));
    }
    return Optional.empty();
  }

  private static Optional<Form> otherEncoding(Path file, Charset encoding, int recorded)
      throws IOException {
    for (Charset other : ENCODINGS) {
      if (other.equals(encoding)) {
        continue;
      }
      try (Reader reader = new BufferedReader(ScriptText.open(file, other))) {
        if (ScriptText.checksum(reader) == recorded) {
          return Optional.of(
              new Form(
                  false,
                  "it is the checksum of this file read as %s, and Flyway is set to read it as %s"
                      .formatted(other, encoding)));
        }
      } catch (java.nio.charset.CharacterCodingException isNot) {
        // The file is not of that encoding.
      }
    }
    return Optional.empty();
  }

  private static Optional<Form> readableOtherwise(Path file, Charset encoding, int recorded) {
    try {
      return otherEncoding(file, encoding, recorded);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static String text(Path file, Charset encoding) throws IOException {
    StringBuilder text = new StringBuilder();
    char[] chunk = new char[8192];
    try (Reader reader = new BufferedReader(ScriptText.open(file, encoding))) {
      for (int read = reader.read(chunk); read >= 0; read = reader.read(chunk)) {
        text.append(chunk, 0, read);
      }
    }
    return text.toString();
  }

  private static int sum(byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return (int) sum.getValue();
  }
}
