package dev.belay.archive;

import dev.belay.report.Json;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/**
 * The manifest as a file, with its SHA-256 beside it in a form that {@code sha256sum -c} accepts.
 * What is read may come from anybody: nothing in it leads out of the backup's folder.
 */
final class ManifestFile {
  static final String NAME = "manifest.json";
  static final String CHECKSUM = "manifest.json.sha256";

  /** Some 100,000 tables; more would be too much for the memory of this program as well. */
  private static final int LONGEST_BYTES = 24_000_000;

  private static final int LONGEST_CHECKSUM_BYTES = 4096;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private ManifestFile() {}

  /** The one field that every form has. */
  private record Form(int manifest) {}

  /** Writes both files, on the disk when this returns. */
  static void write(Path folder, Manifest manifest) throws IOException {
    String text = Json.pretty(manifest) + "\n";
    DurableFiles.writeNew(folder.resolve(NAME), text);
    DurableFiles.writeNew(folder.resolve(CHECKSUM), checksum(text));
  }

  /**
   * Reads the manifest.
   *
   * @throws IOException with the reason in words when it is missing, damaged, of a newer form, or
   *     names what no backup has
   */
  static Manifest read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new IOException("it has no " + NAME);
    }
    if (Files.size(file) > LONGEST_BYTES) {
      throw new IOException(NAME + " is longer than " + LONGEST_BYTES + " bytes");
    }
    String text;
    try {
      // Strict: a byte that is no UTF-8 is damage, and not replaced by a question mark.
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException damaged) {
      throw new IOException(NAME + " is damaged: it is no UTF-8", damaged);
    }
    Path beside = folder.resolve(CHECKSUM);
    if (!Files.isRegularFile(beside)) {
      throw new IOException("it has no " + CHECKSUM);
    }
    if (Files.size(beside) > LONGEST_CHECKSUM_BYTES
        || !Files.readString(beside, StandardCharsets.ISO_8859_1).equals(checksum(text))) {
      throw new IOException(NAME + " and " + CHECKSUM + " do not fit: one of them is damaged");
    }
    return parse(text);
  }

  private static Manifest parse(String text) throws IOException {
    try {
      int version = Json.MAPPER.readValue(text, Form.class).manifest();
      if (version > Manifest.VERSION) {
        throw new IOException(
            "its manifest is of form "
                + version
                + ", and this belay reads up to "
                + Manifest.VERSION);
      }
      Manifest manifest = Json.MAPPER.readValue(text, Manifest.class);
      check(manifest);
      return manifest;
    } catch (JacksonException other) {
      throw new IOException(NAME + " cannot be read: " + other.getOriginalMessage(), other);
    } catch (NullPointerException missing) {
      throw new IOException(NAME + " lacks a field", missing);
    }
  }

  private static void check(Manifest manifest) throws IOException {
    Set<String> seen = new HashSet<>();
    for (BackupFile file : manifest.files()) {
      if (!isInside(file.path()) || !seen.add(file.path())) {
        throw new IOException("its manifest names the file '" + file.path() + "'");
      }
      if (file.bytes() < 0 || !SHA256.matcher(file.sha256()).matches()) {
        throw new IOException("its manifest has no size or no SHA-256 for " + file.path());
      }
    }
    String dump = manifest.dump().path();
    if (!dump.equals(DumpFacts.FOLDER) && !dump.equals(DumpFacts.ENCRYPTED_FILE)) {
      throw new IOException("its manifest names the dump '" + dump + "'");
    }
  }

  /** Whether a path cannot lead out of the folder that it is resolved in. */
  private static boolean isInside(String path) {
    if (path.isEmpty() || path.startsWith("/") || path.indexOf('\0') >= 0 || path.contains("\\")) {
      return false;
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }

  private static String checksum(String text) {
    return Sha256.of(text) + "  " + NAME + "\n";
  }
}
