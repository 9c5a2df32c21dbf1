package dev.belay.dataset;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import dev.belay.report.TextTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checksum beside an export: one line that {@code sha256sum -c} accepts in the export's folder.
 */
public final class ExportChecksum {
  /** What its name ends in, after the whole name of the export. */
  public static final String SUFFIX = ".checksum";

  private static final Pattern LINE =
      Pattern.compile("(\\\\?)([0-9a-fA-F]{64}) [ *](.+?)\\r?\\n?", Pattern.DOTALL);
  private static final int LONGEST_BYTES = 8192;
  private static final int BUFFER_BYTES = 1 << 18;

  private ExportChecksum() {}

  /** The file beside that export. */
  public static Path beside(Path export) {
    return export.resolveSibling(export.getFileName() + SUFFIX);
  }

  /** The line; sha256sum marks and escapes names that hold a backslash or a line end. */
  static String line(String sha256, String name) {
    String escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    return (escaped.equals(name) ? "" : "\\") + sha256 + "  " + escaped + "\n";
  }

  /**
   * Compares an export with the checksum beside it.
   *
   * @param channel of the export; read from where it is to its end
   * @param progress is told of every piece that was read, in bytes
   * @throws Failure REFUSED when there is no checksum, FINDINGS when it is of another file, does
   *     not fit or is none
   */
  static void verify(Path export, FileChannel channel, LongConsumer progress) throws IOException {
    Path file = beside(export);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw Failure.refused(
          "there is no checksum beside the export: " + file,
          "put it back, or go on without proof that the file is whole: --no-checksum");
    }
    String expected = expected(file, String.valueOf(export.getFileName()));
    MessageDigest digest = sha256();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    for (int read = channel.read(buffer); read >= 0; read = channel.read(buffer)) {
      digest.update(buffer.flip());
      buffer.clear();
      progress.accept(read);
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    if (!actual.equalsIgnoreCase(expected)) {
      throw Failure.findings(
          "the export %s is not what it was when it was made: its SHA-256 is %s, and %s has %s"
              .formatted(export, actual, file.getFileName(), expected),
          "take another copy of both files, or make a new export: belay export-data");
    }
  }

  /**
   * The SHA-256 that the checksum beside an export has.
   *
   * @throws Failure UNAVAILABLE when it cannot be read, FINDINGS when it is of another file or none
   */
  public static String read(Path export) {
    return expected(beside(export), String.valueOf(export.getFileName()));
  }

  private static String expected(Path file, String name) {
    String text;
    try {
      text = new String(DurableFiles.read(file, LONGEST_BYTES), StandardCharsets.UTF_8);
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot read the checksum %s: %s".formatted(file, DurableFiles.reason(cannot)),
              "see what it is with: ls -l " + ShellWords.quote(file.toString()))
          .causedBy(cannot);
    }
    Matcher parts = LINE.matcher(text);
    if (!parts.matches()) {
      throw Failure.findings(
          "%s is no line of sha256sum".formatted(file),
          "make it anew from a file that you trust: (cd %s && sha256sum %s > %s)"
              .formatted(
                  ShellWords.quote(String.valueOf(file.toAbsolutePath().getParent())),
                  ShellWords.quote(name),
                  ShellWords.quote(String.valueOf(file.getFileName()))));
    }
    String named = parts.group(1).isEmpty() ? parts.group(3) : unescaped(parts.group(3));
    if (!named.equals(name)) {
      throw Failure.findings(
          "%s is the checksum of '%s', and not of '%s'"
              .formatted(file, TextTable.visible(named), TextTable.visible(name)),
          "give the export its name back, with its checksum beside it");
    }
    return parts.group(2);
  }

  private static String unescaped(String name) {
    StringBuilder plain = new StringBuilder();
    for (int at = 0; at < name.length(); at++) {
      char letter = name.charAt(at);
      if (letter == '\\' && at + 1 < name.length()) {
        char next = name.charAt(++at);
        plain.append(next == 'n' ? '\n' : next == 'r' ? '\r' : next);
      } else {
        plain.append(letter);
      }
    }
    return plain.toString();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }
}
