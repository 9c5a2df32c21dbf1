package dev.belay.archive;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a program of PostgreSQL prints during one run. It lies beside the journals, so that it is
 * still there when the program fails and its work is removed.
 *
 * @param file it need not be there yet
 */
public record ToolLog(Path file) {
  /**
   * The log of that program in that run.
   *
   * @param folder the folder of the journals, made when it is not there
   * @param program such as {@code pg_dump}
   * @throws Failure UNAVAILABLE when the folder cannot be made
   */
  public static ToolLog of(Path folder, String program, RunId run) {
    try {
      DurableFiles.createFolders(folder);
      return new ToolLog(folder.resolve(program + "_" + run + ".log"));
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot make the folder %s: %s".formatted(folder, DurableFiles.reason(cannot)),
              "name another with folders.journal")
          .causedBy(cannot);
    }
  }

  /** Removes what a program that succeeded had to say. */
  public void discard() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException kept) {
      // It does no harm.
    }
  }

  /** Puts it into a folder under another name; the folder may be on another disk. */
  void moveTo(Path place) throws IOException {
    DurableFiles.writeNew(place, "");
    if (Files.exists(file)) {
      try (OutputStream log = Files.newOutputStream(place)) {
        Files.copy(file, log);
      }
    }
    discard();
  }
}
