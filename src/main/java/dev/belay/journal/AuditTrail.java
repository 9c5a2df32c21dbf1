package dev.belay.journal;

import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what, one JSON line per record, each bound to the one before by its SHA-256. Lines
 * are only ever added: several processes may do so at once, and what a crash cut stays as it is.
 * May be used by several threads.
 */
public final class AuditTrail {
  /** The name of the file in the folder of the journals. */
  public static final String NAME = "audit.jsonl";

  /** Closing a file ends all locks that this process has on it, so it is opened once at a time. */
  private static final ReentrantLock HERE = new ReentrantLock();

  private static final long PATIENCE_MILLIS = 10_000;
  private static final long PAUSE_MILLIS = 5;

  private final Path file;

  private AuditTrail(Path file) {
    this.file = file;
  }

  /** The trail in the folder of the journals; it need not be there yet. */
  public static AuditTrail in(Path folder) {
    return new AuditTrail(folder.resolve(NAME));
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  /**
   * Adds a record, which is on the disk when this returns. A line that a crash cut is noted before.
   *
   * @param record its sequence and what it says of the line before are set here
   * @return its sequence
   * @throws Failure UNAVAILABLE when it cannot be written; REFUSED when the last line is not as it
   *     was written, or the file is a symbolic link
   */
  public long append(AuditRecord record) {
    HERE.lock();
    try {
      Files.createDirectories(folder(), Journal.mode("rwx------"));
      refuseLink();
      boolean fresh = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
      try (FileChannel channel =
          FileChannel.open(
              file,
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS),
              Journal.mode("rw-------"))) {
        long sequence;
        try (FileLock lock = lock(channel, false)) {
          sequence = append(channel, record);
        }
        if (fresh) {
          try (FileChannel directory = FileChannel.open(folder(), StandardOpenOption.READ)) {
            directory.force(true);
          }
        }
        return sequence;
      }
    } catch (IOException cannot) {
      throw unwritable(cannot);
    } finally {
      HERE.unlock();
    }
  }

  private long append(FileChannel channel, AuditRecord record) throws IOException {
    long size = channel.size();
    AuditFile lines = new AuditFile(channel, size);
    byte[] fragment = lines.fragment();
    Optional<AuditLine> whole = AuditLine.read(fragment);
    Optional<AuditLine> last = whole.isPresent() ? whole : last(lines);
    long sequence = last.map(line -> line.record().sequence()).orElse(0L);
    String previous = last.map(AuditLine::lineHash).orElse(AuditRecord.NONE);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    if (fragment.length > 0) {
      text.write('\n');
    }
    if (fragment.length > 0 && whole.isEmpty()) {
      byte[] note =
          AuditLine.bytes(
              AuditRecord.here(AuditRecord.MENDED, record.run(), record.command())
                  .saying("the line before was cut by a crash")
                  .at(++sequence, AuditLine.mending(previous, fragment)));
      text.writeBytes(note);
      text.write('\n');
      previous = AuditLine.sha256(note);
    }
    text.writeBytes(AuditLine.bytes(record.at(++sequence, previous)));
    text.write('\n');
    write(channel, size, text.toByteArray());
    return sequence;
  }

  private Optional<AuditLine> last(AuditFile lines) throws IOException {
    lines.toEnd();
    byte[] bytes = lines.lineBefore();
    if (bytes == null) {
      return Optional.empty();
    }
    Optional<AuditLine> last = AuditLine.read(bytes);
    if (last.isEmpty()) {
      throw Failure.refused(
          "the last line of the audit trail %s is not as it was written".formatted(file),
          "look with: belay audit --verify; to begin a new one beside it: mv %s %s"
              .formatted(
                  ShellWords.quote(file.toString()),
                  ShellWords.quote(file + ".broken_" + Instant.now().getEpochSecond())));
    }
    return last;
  }

  /** What does not fit on the disk is taken back, so that no half line is left of it. */
  private static void write(FileChannel channel, long from, byte[] text) throws IOException {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(text);
      int half = text.length / 2;
      bytes.limit(half);
      put(channel, bytes, from);
      FailPoint.reached("audit-half-line");
      bytes.limit(text.length);
      put(channel, bytes, from + half);
      channel.force(true);
    } catch (IOException cannot) {
      channel.truncate(from);
      throw cannot;
    }
  }

  private static void put(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
    long at = from;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /**
   * Gives the records from the newest back, until the reader has enough. Lines that are not as they
   * were written are counted.
   *
   * @param reader returns whether it wants more
   * @return how many lines were passed over
   * @throws Failure UNAVAILABLE when it cannot be read
   */
  public long backwards(Predicate<AuditRecord> reader) {
    long[] unreadable = {0};
    read(
        lines -> {
          lines.toEnd();
          for (byte[] bytes = lines.lineBefore(); bytes != null; bytes = lines.lineBefore()) {
            Optional<AuditLine> line = AuditLine.read(bytes);
            if (line.isEmpty()) {
              unreadable[0]++;
            } else if (!reader.test(line.get().record())) {
              return;
            }
          }
        });
    return unreadable[0];
  }

  /**
   * The hash of the newest line, to be kept elsewhere; empty: there is none, or it is not as it was
   * written.
   *
   * @throws Failure UNAVAILABLE when it cannot be read
   */
  public Optional<String> head() {
    AtomicReference<@Nullable String> head = new AtomicReference<>();
    read(
        lines -> {
          lines.toEnd();
          byte[] bytes = lines.lineBefore();
          if (bytes != null) {
            AuditLine.read(bytes).ifPresent(line -> head.set(line.hash()));
          }
        });
    return Optional.ofNullable(head.get());
  }

  /**
   * Looks at every line.
   *
   * @param keptHead a hash that was kept elsewhere and must be that of a line; empty: none
   * @throws Failure UNAVAILABLE when it cannot be read
   */
  public AuditVerdict verify(Optional<String> keptHead) {
    AuditVerdict[] verdict = {AuditVerdict.empty(keptHead)};
    read(lines -> verdict[0] = new AuditVerifying(keptHead).run(lines));
    return verdict[0];
  }

  private interface Reader {
    void read(AuditFile lines) throws IOException;
  }

  /** What is added while it is read is not looked at. */
  private void read(Reader reader) {
    HERE.lock();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size;
      try (FileLock lock = lock(channel, true)) {
        size = channel.size();
      }
      reader.read(new AuditFile(channel, size));
    } catch (NoSuchFileException none) {
      // Nothing was recorded yet.
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot read the audit trail " + file + ": " + cannot,
              "see who may read it with: ls -l " + ShellWords.quote(file.toString()))
          .causedBy(cannot);
    } finally {
      HERE.unlock();
    }
  }

  /** A process that was stopped while it has the lock must not stop everybody else for ever. */
  private FileLock lock(FileChannel channel, boolean shared) throws IOException {
    long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (true) {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() > until) {
        throw Failure.unavailable(
            "another process has held the audit trail %s for %d s"
                .formatted(file, PATIENCE_MILLIS / 1000),
            "see which with: fuser -v " + ShellWords.quote(file.toString()));
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", interrupted);
      }
    }
  }

  private void refuseLink() {
    if (Files.isSymbolicLink(file)) {
      throw Failure.refused(
          "the audit trail %s is a symbolic link, which could lead anywhere".formatted(file),
          "see whose it is with: ls -l " + ShellWords.quote(file.toString()));
    }
  }

  private Path folder() {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  private Failure unwritable(IOException cannot) {
    return Failure.unavailable(
            "nothing is changed, since that cannot be recorded in the audit trail %s: %s"
                .formatted(file, cannot),
            "free disk space, or name a folder that you may write to with: --set folders.journal=…")
        .causedBy(cannot);
  }
}
