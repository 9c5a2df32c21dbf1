package dev.belay.archive;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.flyway.MigrationHistory;
import dev.belay.integrity.Content;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a backup holds and how it was made. It is written once, when everything else of the backup
 * is on the disk. Fields are only ever added; one that is added later is an Optional.
 *
 * @param manifest version of this form
 * @param id the name of the backup's folder when it was made
 * @param belay the version of Belay that made it
 * @param startedAt when it was begun
 * @param takenAt the moment that it shows: when its snapshot was taken
 * @param durationMillis from begin to the manifest
 * @param description what the operator says it is for
 * @param selection what a partial backup holds; empty: the whole database
 * @param content rows, fingerprints, sequences and large objects, from the dump's own snapshot
 * @param extensions with their versions
 * @param roles that own, or are granted, something in the database
 * @param migrations Flyway's history of each app, from the same snapshot
 * @param files every other file of the backup, sorted by path, but for {@value BackupState#FILE}
 */
public record Manifest(
    int manifest,
    String id,
    String belay,
    Instant startedAt,
    Instant takenAt,
    long durationMillis,
    Optional<String> description,
    Optional<Selection> selection,
    DatabaseFacts database,
    ServerFacts server,
    DumpFacts dump,
    Content content,
    Map<String, String> extensions,
    List<String> roles,
    List<MigrationHistory> migrations,
    List<BackupFile> files) {
  /** The version of the form that this Belay writes, and the newest that it reads. */
  public static final int VERSION = 1;

  public Manifest {
    roles = List.copyOf(roles);
    migrations = List.copyOf(migrations);
    files = List.copyOf(files);
  }

  /** Whether it is of a whole database, so that one can go back to it. */
  @JsonIgnore
  public boolean isComplete() {
    return selection.isEmpty();
  }

  /** The size of all files, in bytes. */
  public long totalBytes() {
    return files.stream().mapToLong(BackupFile::bytes).sum();
  }
}
