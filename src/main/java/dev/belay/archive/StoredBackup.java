package dev.belay.archive;

import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A backup as it lies on the disk, whole or broken. Two are never equal by content; ask their ids.
 */
public final class StoredBackup {
  /** The descriptions of backups that emergency-recovery makes begin so. */
  public static final String OF_INCIDENT = "emergency-recovery: ";

  private final Path folder;
  private final @Nullable Manifest manifest;
  private final BackupState state;
  private final @Nullable String problem;
  private final boolean newer;
  private final boolean stateKnown;

  private StoredBackup(
      Path folder,
      @Nullable Manifest manifest,
      BackupState state,
      @Nullable String problem,
      boolean newer,
      boolean stateKnown) {
    this.folder = folder;
    this.manifest = manifest;
    this.state = state;
    this.problem = problem;
    this.newer = newer;
    this.stateKnown = stateKnown;
  }

  /** Reads manifest and proofs; whatever is wrong with them is the backup's problem. */
  static StoredBackup read(Path folder) {
    Manifest manifest = null;
    BackupState state = BackupState.unknown();
    String problem = null;
    boolean newer = false;
    boolean stateKnown = false;
    try {
      state = BackupState.read(folder);
      stateKnown = true;
    } catch (IOException broken) {
      problem = DurableFiles.reason(broken);
    }
    try {
      manifest = ManifestFile.read(folder);
      String missing = firstMissing(folder, manifest);
      problem = missing == null ? problem : missing;
    } catch (IOException broken) {
      problem = DurableFiles.reason(broken);
      newer = broken instanceof ManifestFile.NewerForm;
    }
    return new StoredBackup(folder, manifest, state, problem, newer, stateKnown);
  }

  private static @Nullable String firstMissing(Path folder, Manifest manifest) throws IOException {
    for (BackupFile file : manifest.files()) {
      String difference = FileCheck.difference(folder, file);
      if (difference != null) {
        return difference;
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

  /** Whether a later version of Belay made it, so that this one cannot judge it. */
  public boolean isOfNewerForm() {
    return newer;
  }

  /**
   * Whether what was proven of it could be read. Where it could not, nothing is proven and it is
   * taken for pinned.
   */
  public boolean isStateKnown() {
    return stateKnown;
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
          newer
              ? "use the belay that made it, or a later one"
              : "see what is bad with: belay validate-backup "
                  + id()
                  + "; others: belay list-backups");
    }
    return manifest;
  }

  /** Whether it is unbroken and of a whole database, so that one can go back to it. */
  public boolean isWayBack() {
    return problem().isEmpty() && manifest().isComplete();
  }

  /** Whether it was made of a database in trouble, so that nobody means it by "the newest". */
  public boolean isOfIncident() {
    return foundManifest()
        .flatMap(Manifest::description)
        .filter(text -> text.startsWith(OF_INCIDENT))
        .isPresent();
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
    return changed(known -> known.with(proof));
  }

  /**
   * Writes down that a check of a level has failed: what was proven above the one before is void.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public StoredBackup disproven(Level failed) {
    return stateKnown && !state.level().reaches(failed)
        ? this
        : changed(known -> known.below(failed));
  }

  /**
   * Pins it, so that retention leaves it alone, or lets it go.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public StoredBackup pinned(boolean wanted) {
    return changed(known -> known.pinned(wanted));
  }

  /** The same with a proof that is not written down, for where nothing can be. */
  public StoredBackup provenUnwritten(Proof proof) {
    return new StoredBackup(folder, manifest, state.with(proof), problem, newer, stateKnown);
  }

  /** With the latest state on the disk, since another Belay may have proven something meanwhile. */
  private StoredBackup changed(UnaryOperator<BackupState> change) {
    BackupState next = change.apply(latestState());
    try {
      DurableFiles.replace(folder.resolve(BackupState.FILE), next.text());
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write %s: %s"
                  .formatted(folder.resolve(BackupState.FILE), DurableFiles.reason(cannot)),
              "see who owns the folder with: ls -ld " + ShellWords.quote(folder.toString()))
          .causedBy(cannot);
    }
    return new StoredBackup(folder, manifest, next, problem, newer, true);
  }

  private BackupState latestState() {
    try {
      return BackupState.read(folder);
    } catch (IOException damaged) {
      return state;
    }
  }

  /**
   * Keeps retention away from it, in this and in other processes, until it is closed.
   *
   * @throws Failure REFUSED when it is being deleted, UNAVAILABLE when it is not there any more
   */
  public BackupUse use() {
    try {
      return BackupUse.shared(folder)
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
}
