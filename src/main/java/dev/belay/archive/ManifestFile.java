package dev.belay.archive;

import dev.belay.report.Json;
import dev.belay.report.TextTable;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
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
  private static final int LONGEST_BYTES = 48_000_000;

  private static final int LONGEST_CHECKSUM_BYTES = 4096;
  private static final Pattern PLAIN_PATH =
      Pattern.compile("[A-Za-z0-9._-]{1,255}(/[A-Za-z0-9._-]{1,255}){0,8}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private ManifestFile() {}

  /** The one field that every form has. */
  private record Form(int manifest) {}

  /** Its manifest was written by a later version of this program, which this one cannot judge. */
  static final class NewerForm extends IOException {
    @Serial private static final long serialVersionUID = 1;

    private NewerForm(int form) {
      super(
          "its manifest is of form %d, and this belay reads up to %d"
              .formatted(form, Manifest.VERSION));
    }
  }

  /**
   * Writes both files, on the disk when this returns.
   *
   * @throws IOException also when the manifest is longer than {@link #read} would take it
   */
  static void write(Path folder, Manifest manifest) throws IOException {
    byte[] text = (Json.pretty(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
    if (text.length > LONGEST_BYTES) {
      throw new IOException(
          "its manifest would have %d bytes, and at most %d are read"
              .formatted(text.length, LONGEST_BYTES));
    }
    DurableFiles.writeNew(folder.resolve(NAME), text);
    DurableFiles.writeNew(folder.resolve(CHECKSUM), checksum(text));
  }

  /**
   * Reads the manifest.
   *
   * @throws NewerForm when a later version of this program made it
   * @throws IOException with the reason in words when it is missing, damaged, or names what no
   *     backup has
   */
  static Manifest read(Path folder) throws IOException {
    byte[] text = DurableFiles.read(folder.resolve(NAME), LONGEST_BYTES);
    byte[] beside = DurableFiles.read(folder.resolve(CHECKSUM), LONGEST_CHECKSUM_BYTES);
    if (!Arrays.equals(beside, checksum(text))) {
      throw new IOException(NAME + " and " + CHECKSUM + " do not fit: one of them is damaged");
    }
    return parse(text);
  }

  private static Manifest parse(byte[] text) throws IOException {
    try {
      Form said = Json.MAPPER.readValue(text, Form.class);
      Complete.check(said, NAME);
      int form = said.manifest();
      if (form > Manifest.VERSION) {
        throw new NewerForm(form);
      }
      if (form < 1) {
        throw new IOException("its manifest is of form " + form + ", which there never was");
      }
      Manifest manifest = Json.MAPPER.readValue(text, Manifest.class);
      Complete.check(manifest, NAME);
      check(manifest);
      return manifest;
    } catch (JacksonException other) {
      throw new IOException(NAME + " cannot be read: " + reason(other), other);
    }
  }

  /** Lists are copied when a record is made, which fails where there is none. */
  private static String reason(JacksonException other) {
    return other.getCause() instanceof NullPointerException
        ? "a list is missing, or has nothing where something must be"
        : TextTable.visible(other.getOriginalMessage());
  }

  private static void check(Manifest manifest) throws IOException {
    Set<String> seen = new HashSet<>();
    for (BackupFile file : manifest.files()) {
      if (!isInside(file.path()) || !seen.add(file.path())) {
        throw new IOException(
            "its manifest names the file '" + TextTable.visible(file.path()) + "'");
      }
      if (file.bytes() < 0 || !SHA256.matcher(file.sha256()).matches()) {
        throw new IOException("its manifest has no size or no SHA-256 for " + file.path());
      }
    }
    String dump = manifest.dump().path();
    if (!dump.equals(DumpFacts.FOLDER) && !dump.equals(DumpFacts.ENCRYPTED_FILE)) {
      throw new IOException("its manifest names the dump '" + TextTable.visible(dump) + "'");
    }
  }

  /**
   * Whether a path cannot lead out of the folder that it is resolved in. pg_dump's names are plain.
   */
  private static boolean isInside(String path) {
    return PLAIN_PATH.matcher(path).matches()
        && Arrays.stream(path.split("/", -1))
            .noneMatch(part -> part.equals(".") || part.equals(".."));
  }

  private static byte[] checksum(byte[] text) {
    return (Sha256.of(text) + "  " + NAME + "\n").getBytes(StandardCharsets.US_ASCII);
  }
}
