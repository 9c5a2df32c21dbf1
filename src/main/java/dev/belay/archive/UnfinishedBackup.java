package dev.belay.archive;

import dev.belay.journal.JournalHeader;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A folder whose backup is not finished.
 *
 * @param maker empty: it does not say
 */
public record UnfinishedBackup(Path folder, Optional<JournalHeader> maker) {
  /** Between the folder and the file that names its maker lies a moment. */
  private static final Duration BEGINNING = Duration.ofMinutes(10);

  /**
   * A process of another machine cannot be looked for. A dump that runs writes all the time, so one
   * that has not for so long does not; containers get another name of a machine with every start.
   */
  private static final Duration ELSEWHERE = Duration.ofDays(7);

  /** Whether its maker may still be at work. */
  public boolean isInProgress() {
    Instant now = Instant.now();
    if (maker.isEmpty()) {
      return lastChange().isAfter(now.minus(BEGINNING));
    }
    return maker.get().mayBeRunning()
        && (maker.get().isOfThisMachine() || lastChange().isAfter(now.minus(ELSEWHERE)));
  }

  private Instant lastChange() {
    Newest newest = new Newest();
    try {
      Files.walkFileTree(folder, newest);
    } catch (IOException unreadable) {
      return Instant.MAX;
    }
    return newest.at;
  }

  private static final class Newest extends SimpleFileVisitor<Path> {
    private Instant at = Instant.EPOCH;

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return visitFile(folder, attributes);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      Instant changed = attributes.lastModifiedTime().toInstant();
      at = changed.isAfter(at) ? changed : at;
      return FileVisitResult.CONTINUE;
    }

    /** A file that is gone in the meantime was moved or removed just now. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw failure;
      }
      at = Instant.now();
      return FileVisitResult.CONTINUE;
    }
  }
}
