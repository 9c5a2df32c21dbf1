package dev.belay.notify;

import dev.belay.archive.DurableFiles;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.core.JacksonException;

/**
 * What people were told already, and which incidents are open: one small file beside the journals,
 * which processes change one after the other and a crash leaves as it was. Where it cannot be read
 * or written that is said once, and people are told all the same. May be used by several threads.
 */
final class Memory {
  static final String NAME = "notifications.json";

  /** Closing a file ends all locks that this process has on it, so it is opened once at a time. */
  private static final ReentrantLock HERE = new ReentrantLock();

  private static final int LONGEST_BYTES = 4 << 20;
  private static final long PATIENCE_MILLIS = 5_000;
  private static final long PAUSE_MILLIS = 5;

  private final Path file;
  private final Duration remembered;
  private final Consumer<String> warn;
  private boolean warned;

  /** What this process knows where there is no file to keep it in. */
  private State unwritten = State.empty();

  private boolean onlyHere;

  /**
   * @param folder of the journals; it need not be there yet
   * @param remembered how long an event is not told twice
   * @param warn gets one line when the file cannot be used
   */
  Memory(Path folder, Duration remembered, Consumer<String> warn) {
    this.file = folder.resolve(NAME);
    this.remembered = remembered;
    this.warn = warn;
  }

  /** What a change makes of it, and what it answers. */
  record Change<T>(State state, T answer) {}

  /** Whether there is a file at all: if not, no incident is open. */
  boolean isThere() {
    return onlyHere || Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Changes it; nobody else does meanwhile. */
  <T> T change(Function<State, Change<T>> change) {
    HERE.lock();
    try {
      if (!onlyHere) {
        try {
          return changeOnDisk(change);
        } catch (IOException | UnsupportedOperationException unusable) {
          warnOnce(
              "what was told is not remembered, and may be told again: %s: %s"
                  .formatted(file, reason(unusable)));
          onlyHere = true;
        }
      }
      Change<T> changed = change.apply(unwritten);
      unwritten = changed.state();
      return changed.answer();
    } finally {
      HERE.unlock();
    }
  }

  /** What it says now. */
  State look() {
    return change(state -> new Change<>(state, state));
  }

  private <T> T changeOnDisk(Function<State, Change<T>> change) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      DurableFiles.createFolders(folder);
    }
    try (FileChannel guard =
            FileChannel.open(
                file.resolveSibling(NAME + ".lock"),
                Set.of(
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
        FileLock lock = lock(guard)) {
      State before = read();
      Change<T> changed = change.apply(before.since(Instant.now().minus(remembered)));
      if (lock.isValid() && !changed.state().equals(before)) {
        DurableFiles.replace(file, Json.pretty(changed.state()) + "\n");
      }
      return changed.answer();
    }
  }

  private static FileLock lock(FileChannel guard) throws IOException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (true) {
      FileLock lock = guard.tryLock();
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() > end) {
        throw new IOException("another process keeps it locked");
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", interrupted);
      }
    }
  }

  /** A file that is not what it should be is put aside, so that it is said only once. */
  private State read() throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return State.empty();
    }
    try {
      String text = new String(DurableFiles.read(file, LONGEST_BYTES), StandardCharsets.UTF_8);
      State read = Json.MAPPER.readValue(text, State.class);
      if (read == null) {
        throw new IllegalArgumentException("null");
      }
      return read.checked();
    } catch (JacksonException | IllegalArgumentException broken) {
      Path aside = file.resolveSibling(NAME + ".broken_" + Instant.now().getEpochSecond());
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      warnOnce(
          "what was told before is not known, since %s was not readable; it is kept as %s"
              .formatted(file, aside.getFileName()));
      return State.empty();
    }
  }

  private void warnOnce(String line) {
    if (!warned) {
      warned = true;
      warn.accept(line);
    }
  }

  private static String reason(Exception unusable) {
    return unusable instanceof IOException cannot
        ? DurableFiles.reason(cannot)
        : "the file system has no modes";
  }
}
