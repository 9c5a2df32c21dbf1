package dev.belay.archive;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * How the dump was made.
 *
 * @param path of the dump below the backup's folder: a folder, or a file when it is encrypted
 * @param format {@code directory}, or {@code age} for a custom-format dump in zstd in age
 * @param compress what pg_dump, or zstd, was told
 * @param tool version of pg_dump, such as {@code 15.18}
 * @param toolMajor such as 15: pg_restore must not be older
 * @param jobs parallel sessions
 * @param recipients who can decrypt it; empty: it is not encrypted
 */
public record DumpFacts(
    String path,
    String format,
    String compress,
    String tool,
    int toolMajor,
    int jobs,
    List<String> recipients) {
  /** The folder of a dump in pg_dump's directory format. */
  public static final String FOLDER = "dump";

  /** The file of an encrypted dump. */
  public static final String ENCRYPTED_FILE = "dump.age";

  public DumpFacts {
    recipients = List.copyOf(recipients);
  }

  /** Whether only the holder of an identity can read it. */
  @JsonIgnore
  public boolean isEncrypted() {
    return !recipients.isEmpty();
  }
}
