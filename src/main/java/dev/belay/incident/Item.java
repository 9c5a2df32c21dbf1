package dev.belay.incident;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/**
 * Something that goes into a bundle.
 *
 * @param name in the archive: folder and file
 * @param what it is, in words
 * @param rank what is worth most has the lowest; of the same, newer goes before older
 * @param bytes about how long it will be
 * @param content writes it, without secrets
 */
record Item(String name, String what, int rank, Instant modified, long bytes, Content content) {
  /** Writes what is in it. */
  @FunctionalInterface
  interface Content {
    void write(OutputStream into) throws IOException;
  }

  /**
   * A name that is safe in any archive and any page, of 90 characters at most.
   *
   * @param text any name of a file
   */
  static String safe(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9._-]+", "_");
    String shorter = plain.length() <= 90 ? plain : plain.substring(plain.length() - 90);
    return shorter.startsWith(".") || shorter.startsWith("-")
        ? "_" + shorter.substring(1)
        : shorter;
  }
}
