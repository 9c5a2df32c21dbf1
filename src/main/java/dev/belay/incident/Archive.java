package dev.belay.incident;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** An archive that is being written, of files with mode 0600. */
interface Archive extends Closeable {
  /**
   * Adds a file.
   *
   * @param name letters, digits and {@code ._-}, in folders
   * @param content a file that does not change meanwhile
   */
  void add(String name, Instant modified, Path content) throws IOException;

  /** Writes its end; what it is written to stays open. */
  @Override
  void close() throws IOException;
}
