package dev.belay.archive;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Optional;

/**
 * One drill in the history.
 *
 * @param database as {@code database@host:port}
 * @param backup that was restored; empty: none could be
 * @param proven whether everything was that is tried
 * @param findings how many there were
 * @param bytes size of the restored database; 0 where none was
 * @param restoreMillis of pg_restore
 * @param verificationMillis of the comparison with the manifest
 * @param upMillis of the migrations since
 * @param undoMillis of the undo scripts
 */
public record DrillRecord(
    Instant at,
    String database,
    Optional<String> backup,
    boolean proven,
    int findings,
    long bytes,
    long restoreMillis,
    long verificationMillis,
    long upMillis,
    long undoMillis) {
  /** How long it takes to be back at a proven state: restored, compared, and swapped in. */
  @JsonIgnore
  public long recoveryMillis() {
    return restoreMillis + verificationMillis;
  }

  /** Seconds for each 1,000,000,000 bytes; 0 where nothing was restored. */
  @JsonIgnore
  public double secondsPerGigabyte() {
    return bytes <= 0 ? 0 : recoveryMillis() / 1000.0 / (bytes / 1e9);
  }
}
