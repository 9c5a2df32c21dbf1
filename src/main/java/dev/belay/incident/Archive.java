package dev.belay.incident;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/** An archive that is being written, of files with mode 0600. */
interface Archive extends Closeable {
  /**
   * Adds a file.
   *
   * @param name letters, digits and {@code ._-}, in folders
   * @param size of the content, in bytes
   */
  void add(String name, Instant modified, long size, InputStream content) throws IOException;

  /** Writes its end; what it is written to stays open. */
  @Override
  void close() throws IOException;
}
