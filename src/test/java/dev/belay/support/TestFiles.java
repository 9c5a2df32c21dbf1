package dev.belay.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that a test lays out: scripts, settings. */
public final class TestFiles {
  private TestFiles() {}

  /** Writes it, with the folders that lead there. */
  public static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
