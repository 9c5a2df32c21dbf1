package dev.belay.archive;

import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backup as it lies on the disk, whole or broken. Two are never equal by content; ask their ids.
 */
public final class StoredBackup {
  private final Path folder;
  private final @Nullable Manifest manifest;
  private final BackupState state;
  private final @Nullable String problem;

  private StoredBackup(
      Path folder, @Nullable Manifest manifest, BackupState state, @Nullable String problem) {
    this.folder = folder;
    this.manifest = manifest;
    this.state = state;
    this.problem = problem;
  }

  /** Reads manifest and proofs; whatever is wrong with them is the backup's problem. */
  static StoredBackup read(Path folder) {
    Manifest manifest = null;
    BackupState state = BackupState.unproven();
    String problem = null;
    try {
      state = BackupState.read(folder);
    } catch (IOException broken) {
      problem = DurableFiles.reason(broken);
    }
    try {
      manifest = ManifestFile.read(folder);
      problem = problem == null ? firstMissing(folder, manifest) : problem;
    } catch (IOException broken) {
      problem = DurableFiles.reason(broken);
    }
    return new StoredBackup(folder, manifest, state, problem);
  }

  private static @Nullable String firstMissing(Path folder, Manifest manifest) throws IOException {
    for (BackupFile file : manifest.files()) {
      Path path = folder.resolve(file.path());
      if (!Files.isRegularFile(path)) {
        return "the file " + file.path() + " is missing";
      }
      if (Files.size(path) != file.bytes()) {
        return "the file %s has %d bytes instead of %d"
            .formatted(file.path(), Files.size(path), file.bytes());
      }
    }
    return null;
  }

  /** Its name. */
  public String id() {
    return String.valueOf(folder.getFileName());
  }

  /** Where it is. */
  public Path folder() {
    return folder;
  }

  /** Why it cannot be used; empty: nothing is known against it. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Its manifest, where that could be read. */
  public Optional<Manifest> foundManifest() {
    return Optional.ofNullable(manifest);
  }

  /**
   * Its manifest.
   *
   * @throws Failure FINDINGS when the backup is broken
   */
  public Manifest manifest() {
    if (manifest == null || problem != null) {
      throw Failure.findings(
          "the backup %s is broken: %s".formatted(id(), problem),
          "choose another one: belay list-backups");
    }
    return manifest;
  }

  /** What was proven of it, and whether it is pinned. */
  public BackupState state() {
    return state;
  }

  /** When it was taken; where the manifest cannot be read, when its folder was last changed. */
  public Instant takenAt() {
    if (manifest != null) {
      return manifest.takenAt();
    }
    try {
      return Files.getLastModifiedTime(folder).toInstant();
    } catch (IOException gone) {
      return Instant.EPOCH;
    }
  }

  /** The dump: a folder, or a file when it is encrypted. */
  public Path dump() {
    return folder.resolve(manifest().dump().path());
  }

  /**
   * Writes down that a level was proven.
   *
   * @return the backup with the proof
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public StoredBackup proven(Proof proof) {
    return withState(state.with(proof));
  }

  /**
   * Writes down that a check of a level has failed: what was proven above the one before is void.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public StoredBackup disproven(Level failed) {
    return state.level().reaches(failed) ? withState(state.below(failed)) : this;
  }

  /**
   * Pins it, or lets it go.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public StoredBackup pinned(boolean wanted) {
    return withState(state.pinned(wanted));
  }

  private StoredBackup withState(BackupState next) {
    try {
      DurableFiles.replace(folder.resolve(BackupState.FILE), next.text());
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write %s: %s"
                  .formatted(folder.resolve(BackupState.FILE), DurableFiles.reason(cannot)),
              "see who owns the folder with: ls -ld " + folder)
          .causedBy(cannot);
    }
    return new StoredBackup(folder, manifest, next, problem);
  }

  /**
   * Keeps retention away from it, in this and in other processes, until it is closed.
   *
   * @throws Failure REFUSED when it is being deleted
   */
  public Use use() {
    try {
      FileChannel channel =
          FileChannel.open(folder.resolve(ManifestFile.NAME), StandardOpenOption.READ);
      return Use.take(channel, true)
          .orElseThrow(
              () ->
                  Failure.refused(
                      "the backup " + id() + " is being deleted by another belay",
                      "choose another one: belay list-backups"));
    } catch (IOException gone) {
      throw Failure.unavailable(
              "cannot open the backup %s: %s".formatted(id(), DurableFiles.reason(gone)),
              "choose another one: belay list-backups")
          .causedBy(gone);
    }
  }

  /** Whether nobody is using it now; held until it is closed. Empty when somebody is. */
  Optional<Use> exclusively() throws IOException {
    Path file = folder.resolve(ManifestFile.NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.of(new Use(null));
    }
    return Use.take(FileChannel.open(file, StandardOpenOption.WRITE), false);
  }

  /** A hold on a backup. It ends with the process too. */
  public static final class Use implements AutoCloseable {
    private final @Nullable FileChannel channel;

    private Use(@Nullable FileChannel channel) {
      this.channel = channel;
    }

    private static Optional<Use> take(FileChannel channel, boolean shared) throws IOException {
      try {
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
        if (lock != null) {
          return Optional.of(new Use(channel));
        }
      } catch (OverlappingFileLockException sameProcess) {
        if (shared) {
          // This very process uses it already, and holds the lock for as long.
          return Optional.of(new Use(channel));
        }
      }
      channel.close();
      return Optional.empty();
    }

    @Override
    public void close() {
      try {
        if (channel != null) {
          channel.close();
        }
      } catch (IOException gone) {
        // The lock ends with the descriptor, whatever the answer.
      }
    }
  }
}
