package dev.belay.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit trail. Its own hash stands behind it on the line.
 *
 * @param sequence from 1, without a gap
 * @param previous the SHA-256 of the line before, without its line end; {@link #NONE} before the
 *     first; of a {@link #MENDED} one that of the hash of the last whole line and the cut one
 * @param event one of the constants of this class; a newer Belay may have others
 * @param run the run, as in its journal and in the names of its sessions
 * @param user the operating system's name of who runs it
 * @param processStartedMillis since 1970, to tell a process id that was given anew; 0: not known
 * @param target {@code database@host:port}; null: it reaches no database
 * @param databaseUser as whom it is reached
 * @param arguments as they were given, without secrets
 * @param plan the SHA-256 of the lines of the plan that was agreed to
 * @param of the sequence of the operation's beginning, for what belongs to one
 * @param outcome the name of the exit code, or {@code SIGNAL}
 * @param databaseChanged null: not known
 * @param message of a failure, or what was put right or noted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "sequence",
  "previous",
  "event",
  "at",
  "run",
  "command",
  "user",
  "host",
  "pid",
  "processStartedMillis",
  "target",
  "databaseUser",
  "arguments",
  "plan",
  "of",
  "outcome",
  "exitStatus",
  "databaseChanged",
  "durationMillis",
  "message"
})
public record AuditRecord(
    long sequence,
    String previous,
    String event,
    Instant at,
    String run,
    String command,
    String user,
    String host,
    long pid,
    long processStartedMillis,
    @Nullable String target,
    @Nullable String databaseUser,
    @Nullable String arguments,
    @Nullable String plan,
    @Nullable Long of,
    @Nullable String outcome,
    @Nullable Integer exitStatus,
    @Nullable Boolean databaseChanged,
    @Nullable Long durationMillis,
    @Nullable String message) {
  /** An operation begins: nothing was changed before this line was on the disk. */
  public static final String BEGUN = "begun";

  /** Another plan of the same operation was agreed to. */
  public static final String AGREED = "agreed";

  /** An operation ended. */
  public static final String ENDED = "ended";

  /** What runs that were killed left was put right. */
  public static final String RECOVERED = "recovered";

  /** The line before was cut by a crash, and stands as it is. */
  public static final String MENDED = "mended";

  /** What stands for the hash of a line before the first. */
  public static final String NONE = "0".repeat(64);

  /** The outcome of what was ended by a signal. */
  public static final String SIGNAL = "SIGNAL";

  /** The longest text that is kept, in characters: a line stays short whatever was typed. */
  private static final int LONGEST = 4_000;

  /** A record of this process, now, that has no place in the trail yet. */
  static AuditRecord here(String event, String run, String command) {
    return new AuditRecord(
        0,
        NONE,
        event,
        Instant.now(),
        run,
        command,
        cut(ThisProcess.user()),
        cut(ThisProcess.host()),
        ThisProcess.pid(),
        ThisProcess.startedMillis(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same record of an operation with that target. */
  AuditRecord on(@Nullable String database, @Nullable String as) {
    return with(sequence, previous, database, as, arguments, plan, of, message);
  }

  /** The same record of an operation that was called so. */
  AuditRecord called(@Nullable String given, @Nullable String digest) {
    return with(
        sequence,
        previous,
        target,
        databaseUser,
        given == null ? null : cut(given),
        digest,
        of,
        message);
  }

  /** The same record as a part of the operation that began with that line. */
  AuditRecord of(long beginning) {
    return with(sequence, previous, target, databaseUser, arguments, plan, beginning, message);
  }

  /** The same record with words. */
  AuditRecord saying(@Nullable String words) {
    return with(
        sequence,
        previous,
        target,
        databaseUser,
        arguments,
        plan,
        of,
        words == null ? null : cut(words));
  }

  /** The same record with how it ended. */
  AuditRecord ending(String how, @Nullable Integer status, @Nullable Boolean changed, long millis) {
    return new AuditRecord(
        sequence,
        previous,
        event,
        at,
        run,
        command,
        user,
        host,
        pid,
        processStartedMillis,
        target,
        databaseUser,
        arguments,
        plan,
        of,
        how,
        status,
        changed,
        millis,
        message);
  }

  /** The same record at its place in the trail. */
  AuditRecord at(long number, String before) {
    return with(number, before, target, databaseUser, arguments, plan, of, message);
  }

  private AuditRecord with(
      long number,
      String before,
      @Nullable String database,
      @Nullable String as,
      @Nullable String given,
      @Nullable String digest,
      @Nullable Long beginning,
      @Nullable String words) {
    return new AuditRecord(
        number,
        before,
        event,
        at,
        run,
        command,
        user,
        host,
        pid,
        processStartedMillis,
        database,
        as,
        given,
        digest,
        beginning,
        outcome,
        exitStatus,
        databaseChanged,
        durationMillis,
        words);
  }

  /** Whether the process that wrote it may still be at work; of other machines nobody knows. */
  public boolean mayBeRunning() {
    return !isOfThisMachine() || ThisProcess.isRunning(pid, processStartedMillis);
  }

  /** Whether it was written on this machine, as far as the name of the machine tells. */
  public boolean isOfThisMachine() {
    return host.equals(ThisProcess.host());
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
  }
}
