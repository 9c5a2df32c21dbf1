package dev.belay.pgtools;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A dump on disk: a folder in pg_dump's directory format, or one encrypted file.
 *
 * @param identity what opens it; empty: it is a folder and not encrypted
 */
public record DumpArchive(Path path, Optional<Identity> identity) {
  /** A plain one. */
  public static DumpArchive folder(Path folder) {
    return new DumpArchive(folder, Optional.empty());
  }

  /** An encrypted one. */
  public static DumpArchive encrypted(Path file, Identity identity) {
    return new DumpArchive(file, Optional.of(identity));
  }
}
