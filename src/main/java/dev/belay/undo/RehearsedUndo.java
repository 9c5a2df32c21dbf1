package dev.belay.undo;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a rehearsal on a copy with data found out about one way back.
 *
 * @param at when it was rehearsed
 * @param database the live one, as {@code database@host:port}
 * @param migration its name
 * @param version empty for a repeatable migration
 * @param undoSha256 of the undo script that was run; empty where there was none
 * @param verdict {@code proven}, {@code loses-rows}, {@code schema-differs}, {@code no-undo} or
 *     {@code failed}
 * @param rowsLost rows or values that are gone or others after the way there and back
 * @param undoMillis how long the undo script took on the copy; below zero: it was not run
 * @param copyBytes size of the copy
 * @param source what the copy was made of, in words
 * @param thereAndBack whether the migration was applied first, and then taken back; else it was
 *     there, was taken back and applied again; null: an earlier belay did not write it down
 * @param checksum of the migration's script, as Flyway records it; null: it has none, or an earlier
 *     belay did not write it down
 * @param liveBytes size of the live database then; null: an earlier belay did not write it down
 */
public record RehearsedUndo(
    Instant at,
    String database,
    String app,
    String migration,
    Optional<String> version,
    Optional<String> undoSha256,
    String verdict,
    long rowsLost,
    long undoMillis,
    long copyBytes,
    String source,
    @Nullable Boolean thereAndBack,
    @Nullable Integer checksum,
    @Nullable Long liveBytes) {
  /** The verdict that is no finding. */
  public static final String PROVEN = "proven";

  private static final String LOSES_ROWS = "loses-rows";

  /** Whether schema and data were as before. */
  @JsonIgnore
  public boolean isProven() {
    return verdict.equals(PROVEN);
  }

  /** Whether it shows what the migration took, and whether the undo gives that back. */
  @JsonIgnore
  public boolean showsWhatWasTaken() {
    return Boolean.TRUE.equals(thereAndBack);
  }

  /** Whether it is known to be of the migration as it was applied, and not of an earlier text. */
  @JsonIgnore
  public boolean isOf(@Nullable Integer applied) {
    return applied != null && applied.equals(checksum);
  }

  /** Whether the undo script was run. */
  @JsonIgnore
  public boolean cameToTheUndo() {
    return undoMillis >= 0;
  }

  /** Whether the schema was as before and some of the data was not, which nobody can bring back. */
  @JsonIgnore
  public boolean isOnlyLossy() {
    return verdict.equals(LOSES_ROWS);
  }
}
