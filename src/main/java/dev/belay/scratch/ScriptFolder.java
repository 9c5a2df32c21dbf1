package dev.belay.scratch;

import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for scripts that are not on disk, such as those of the ledger, so that Flyway can read
 * them. For this user only; it goes when this is closed, and after {@code kill -9} with the next
 * one that is made.
 */
public final class ScriptFolder implements AutoCloseable {
  private static final String PREFIX = "belay-scripts-";

  private final ServerPlace place;
  private final Cleanup.Pending remove;

  private ScriptFolder(ServerPlace place) {
    this.place = place;
    this.remove = Cleanup.register(place::remove);
  }

  /**
   * Makes one.
   *
   * @throws Failure UNAVAILABLE when it cannot be made
   */
  public static ScriptFolder create() {
    ServerPlace.sweep(PREFIX, false);
    return new ScriptFolder(ServerPlace.create(PREFIX));
  }

  /** The location by which Flyway finds what is in it. */
  public String location() {
    return "filesystem:" + folder();
  }

  private Path folder() {
    return place.folder().resolve("sql");
  }

  /**
   * Writes a script.
   *
   * @param name of the file, without folders
   * @param text with its placeholders
   * @param transactional whether it may run in a transaction
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public Path write(String name, String text, boolean transactional) {
    Path file = folder().resolve(name);
    try {
      Files.createDirectories(folder());
      Files.writeString(file, text);
      // Without a file of its own a script would have the app's encoding and settings; and with
      // executeInTransaction=true Flyway would not look whether its statements can.
      Files.writeString(
          file.resolveSibling(name + ".conf"),
          "encoding=UTF-8\n" + (transactional ? "" : "executeInTransaction=false\n"));
      return file;
    } catch (IOException cannot) {
      throw unwritable(cannot);
    }
  }

  /**
   * Writes a script that has the settings of its app.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public Path write(String name, String text) {
    return write(name, text, true);
  }

  private Failure unwritable(IOException cannot) {
    return Failure.unavailable(
            "cannot write to " + folder() + ": " + cannot.getMessage(),
            "free some space there, or name another folder with"
                + " BELAY_JAVA_OPTS=-Djava.io.tmpdir=…")
        .causedBy(cannot);
  }

  /** Removes it. */
  @Override
  public void close() {
    remove.close();
  }
}
