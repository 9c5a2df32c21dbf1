package dev.belay.scratch;

import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.journal.ThisProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The folder of one embedded server: its programs, its data, and what its owner puts beside them.
 * Whatever the owner leaves, by {@code kill -9} too, the next {@link #sweep} removes.
 *
 * @param folder below the machine's folder for temporary files, for this user only
 */
public record ServerPlace(Path folder) {
  private static final long STOP_SECONDS = 10;

  /** So long a folder may be without its owner's name: it is made first. */
  private static final Duration MAKING = Duration.ofMinutes(10);

  /**
   * Makes one that belongs to this process.
   *
   * @param prefix of the folder's name, by which {@link #sweep} finds it
   * @throws Failure UNAVAILABLE when the folder cannot be made
   */
  public static ServerPlace create(String prefix) {
    try {
      Path folder =
          Files.createTempDirectory(
              parent(),
              prefix,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.writeString(
          folder.resolve("owner"),
          ProcessHandle.current().pid() + " " + ThisProcess.startedMillis());
      return new ServerPlace(folder);
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot make a folder for a server in " + parent() + ": " + cannot.getMessage(),
              "name another with BELAY_JAVA_OPTS=-Djava.io.tmpdir=/a/folder/with/500/MB")
          .causedBy(cannot);
    }
  }

  /** Where the server's programs are unpacked. */
  public Path server() {
    return folder.resolve("server");
  }

  /** The server's data. */
  public Path data() {
    return folder.resolve("data");
  }

  /** What the server logs. */
  public Path serverLog() {
    return folder.resolve("server.log");
  }

  /**
   * From now on only a sweep that asks for it removes it.
   *
   * @param until what the operator types to remove it
   */
  public void keep(String until) {
    try {
      Files.writeString(folder.resolve("kept"), "until " + until + "\n");
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write to " + folder + ": " + cannot.getMessage(), "free some space there")
          .causedBy(cannot);
    }
  }

  /**
   * Stops the servers and removes the folders that this user's runs left.
   *
   * @param prefix of the folders' names
   * @param kept also those that were kept on purpose
   * @return how many
   */
  public static int sweep(String prefix, boolean kept) {
    int swept = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent(), prefix + "*")) {
      for (Path folder : folders) {
        ServerPlace place = new ServerPlace(folder);
        if (place.isMine() && place.isLeft(kept)) {
          place.remove();
          swept++;
        }
      }
    } catch (IOException unreadable) {
      return swept;
    }
    return swept;
  }

  /** Stops the server, whoever started it, and removes the folder. */
  public void remove() {
    postmaster().ifPresent(ServerPlace::end);
    int gone = 0;
    for (int attempt = 0; attempt < 50 && gone < 3; attempt++) {
      delete();
      gone = Files.exists(folder) ? 0 : gone + 1;
      if (gone > 0 && !Cleanup.interrupted()) {
        return;
      }
      // A thread that unpacks the server goes on while this program ends.
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  private boolean isMine() {
    try {
      return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
              .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException gone) {
      return false;
    }
  }

  /** Whether nobody is at it any more. */
  private boolean isLeft(boolean kept) {
    if (Files.exists(folder.resolve("kept"))) {
      return kept;
    }
    try {
      String owner = Files.readString(folder.resolve("owner"));
      int space = owner.indexOf(' ');
      return !ThisProcess.isRunning(
          Long.parseLong(owner.substring(0, space)), Long.parseLong(owner.substring(space + 1)));
    } catch (IOException | NumberFormatException | StringIndexOutOfBoundsException half) {
      // Somebody else may just be making it.
      return isOld();
    }
  }

  private boolean isOld() {
    try {
      return Files.getLastModifiedTime(folder).toInstant().isBefore(Instant.now().minus(MAKING));
    } catch (IOException gone) {
      return false;
    }
  }

  /** The server's first process, found by its own pid file and known by its folder. */
  private Optional<ProcessHandle> postmaster() {
    try {
      List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"));
      return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
          .filter(
              process ->
                  process
                      .info()
                      .commandLine()
                      .map(line -> line.contains(folder.toString()))
                      .orElse(false));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException none) {
      return Optional.empty();
    }
  }

  /** SIGTERM lets sessions end first; those of a run that is gone have ended. */
  private static void end(ProcessHandle process) {
    process.destroy();
    if (!ends(process)) {
      process.destroyForcibly();
      ends(process);
    }
  }

  /** Whether a process ends within ten seconds. */
  public static boolean ends(ProcessHandle process) {
    try {
      process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException | ExecutionException stays) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void delete() {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException another) {
      // Another sweeps too.
    } catch (IOException | java.io.UncheckedIOException stillWritten) {
      // The next attempt, or the next sweep.
    }
  }

  private static Path parent() {
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
  }
}
