package dev.belay.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A hold on a backup, which keeps other processes, and this one, from deleting it. It ends with the
 * process too. The system drops a process's locks of a file as soon as the process closes any
 * descriptor of that file; so the lock has a file of its own that nothing else opens, and all users
 * in this process share one.
 */
public final class BackupUse implements AutoCloseable {
  /** Empty for ever; made by whoever uses the backup first. */
  static final String FILE = ".lock";

  private static final Map<Path, Held> HELD = new HashMap<>();

  private final @Nullable Held held;
  private boolean closed;

  private BackupUse(@Nullable Held held) {
    this.held = held;
  }

  private static final class Held {
    private final Path folder;
    private final FileChannel channel;
    private final boolean shared;
    private int users = 1;

    private Held(Path folder, FileChannel channel, boolean shared) {
      this.folder = folder;
      this.channel = channel;
      this.shared = shared;
    }
  }

  /**
   * Holds it together with others; empty when it is being deleted. Where nothing can be written,
   * nothing can be deleted either, and no lock is needed.
   *
   * @throws NoSuchFileException when it is not there any more
   */
  static Optional<BackupUse> shared(Path folder) throws IOException {
    Path real = folder.toRealPath();
    synchronized (HELD) {
      Held known = HELD.get(real);
      if (known != null) {
        known.users += known.shared ? 1 : 0;
        return known.shared ? Optional.of(new BackupUse(known)) : Optional.empty();
      }
      FileChannel channel;
      try {
        channel = open(real);
      } catch (NoSuchFileException gone) {
        throw gone;
      } catch (FileSystemException readOnly) {
        return Optional.of(new BackupUse(null));
      }
      return take(real, channel, true);
    }
  }

  /** Holds it alone; empty when somebody uses it. */
  static Optional<BackupUse> exclusive(Path folder) throws IOException {
    Path real = folder.toRealPath();
    synchronized (HELD) {
      return HELD.containsKey(real) ? Optional.empty() : take(real, open(real), false);
    }
  }

  private static FileChannel open(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolve(FILE),
        Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            LinkOption.NOFOLLOW_LINKS),
        DurableFiles.mode("rw-------"));
  }

  private static Optional<BackupUse> take(Path folder, FileChannel channel, boolean shared)
      throws IOException {
    try {
      if (channel.tryLock(0, Long.MAX_VALUE, shared) == null) {
        channel.close();
        return Optional.empty();
      }
      // Whoever deletes it may have finished between the opening and the lock.
      if (!Files.exists(folder.resolve(FILE), LinkOption.NOFOLLOW_LINKS)) {
        throw new NoSuchFileException(folder.toString());
      }
    } catch (IOException | OverlappingFileLockException broken) {
      channel.close();
      throw broken;
    }
    Held held = new Held(folder, channel, shared);
    HELD.put(folder, held);
    return Optional.of(new BackupUse(held));
  }

  /** Lets it go. */
  @Override
  public void close() {
    synchronized (HELD) {
      if (closed || held == null) {
        return;
      }
      closed = true;
      held.users--;
      if (held.users == 0) {
        HELD.remove(held.folder);
        try {
          held.channel.close();
        } catch (IOException gone) {
          // The lock ends with the descriptor, whatever the answer.
        }
      }
    }
  }
}
