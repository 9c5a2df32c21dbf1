package dev.belay.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the data of a test's server is: in memory when there is room. A new database is 300 new
 * files and a dropped one 300 removed, which on a disk takes the processor five times as long as
 * all that is done with the database.
 */
final class DataFolder {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long ENOUGH_BYTES = 3L << 30;
  private static final Pattern NAME = Pattern.compile("belay-test-([0-9]+)-.*");

  private DataFolder() {}

  /** A new empty folder. Those of test runs that were killed are removed, for they hold memory. */
  static Path create() throws IOException {
    Path parent = parent();
    sweep(parent);
    return Files.createTempDirectory(parent, "belay-test-" + ProcessHandle.current().pid() + "-");
  }

  static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static Path parent() throws IOException {
    boolean fits =
        Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ENOUGH_BYTES;
    return fits ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static void sweep(Path parent) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, "belay-test-*")) {
      for (Path folder : folders) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
          try {
            remove(folder);
          } catch (IOException | UncheckedIOException alsoByAnother) {
            // Every fork of a test run sweeps as it begins, and one of them comes to the end.
          }
        }
      }
    } catch (DirectoryIteratorException gone) {
      throw gone.getCause();
    }
  }
}
