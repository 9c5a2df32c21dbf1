package dev.belay.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.RunId;
import dev.belay.report.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What Belay writes in the comment of a database of its own making, so that any later run, from any
 * machine, knows what it is. The comment that was there before is kept inside.
 *
 * @param belay version of this form
 * @param of the database that this one is a copy or the former self of
 * @param run the run that made it so
 * @param role the server role of that run
 * @param what in words, such as {@code backup-restore orders_20240101_120000}
 * @param comment the comment that the database itself has, or null
 * @param swap while a swap is under way, else null
 * @param openedBy the run that lets a session of its own into a closed database, in the moment in
 *     which it does, else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseNote(
    int belay,
    Kind kind,
    String of,
    String run,
    String role,
    Instant at,
    String what,
    @Nullable String comment,
    @Nullable Swapping swap,
    @Nullable String openedBy) {
  private static final String PREFIX = "{\"belay\":";

  /** The version of this form that this program writes. */
  public static final int VERSION = 1;

  /** What a database of Belay's own making is for. */
  public enum Kind {
    /** A throw-away database for a proof. */
    SCRATCH,
    /** A database in which migrations were replayed, kept to be copied. */
    TEMPLATE,
    /** A restored database that has not taken the live one's place yet. */
    NEW,
    /** The former live database, kept until somebody discards it. */
    REPLACED
  }

  /**
   * A swap that has begun and is not committed.
   *
   * @param run the run that swaps
   * @param liveWasOpen whether the live database accepted connections before
   */
  public record Swapping(String run, boolean liveWasOpen) {}

  /** A note written now. */
  public static DatabaseNote now(
      Kind kind, String of, RunId run, String role, String what, @Nullable String comment) {
    Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return new DatabaseNote(VERSION, kind, of, run.text(), role, at, what, comment, null, null);
  }

  /** The same note with a swap under way, or with none. */
  public DatabaseNote withSwap(@Nullable Swapping swapping) {
    return new DatabaseNote(belay, kind, of, run, role, at, what, comment, swapping, openedBy);
  }

  /** The same note of a database that a run has opened for itself, or that is closed again. */
  public DatabaseNote withOpenedBy(@Nullable String opening) {
    return new DatabaseNote(belay, kind, of, run, role, at, what, comment, swap, opening);
  }

  /** The text of the comment. */
  public String text() {
    return Json.MAPPER.writeValueAsString(this);
  }

  /** Reads a comment; empty when it is not Belay's, or of a newer form. */
  public static Optional<DatabaseNote> read(@Nullable String comment) {
    if (comment == null || !comment.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      DatabaseNote note = Json.MAPPER.readValue(comment, DatabaseNote.class);
      return note.belay == VERSION ? Optional.of(note) : Optional.empty();
    } catch (JacksonException other) {
      return Optional.empty();
    }
  }
}
