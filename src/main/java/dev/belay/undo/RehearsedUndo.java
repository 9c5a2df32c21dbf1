package dev.belay.undo;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Optional;

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
    String source) {
  /** The verdict that is no finding. */
  public static final String PROVEN = "proven";

  /** Whether schema and data were as before. */
  @JsonIgnore
  public boolean isProven() {
    return verdict.equals(PROVEN);
  }
}
