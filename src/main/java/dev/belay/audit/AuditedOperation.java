package dev.belay.audit;

import dev.belay.journal.AuditRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation as the audit trail tells of it.
 *
 * @param line the sequence of its beginning
 * @param user of the operating system
 * @param target null: it reached no database
 * @param plans the digests of the plans that were agreed to, in order
 * @param outcome the name of its exit code, {@code SIGNAL}, {@code RECOVERED} for what was put
 *     right of killed runs, {@code RUNNING}, or {@code NO_END} when no end was recorded
 * @param databaseChanged null: not known
 * @param note what should be known of how it ended; null: nothing
 */
record AuditedOperation(
    long line,
    Instant at,
    String run,
    String command,
    @Nullable String arguments,
    String user,
    String host,
    long pid,
    @Nullable String target,
    @Nullable String databaseUser,
    List<String> plans,
    String outcome,
    @Nullable Integer exitStatus,
    @Nullable Boolean databaseChanged,
    @Nullable Long durationMillis,
    @Nullable String note) {
  AuditedOperation {
    plans = List.copyOf(plans);
  }

  /**
   * @param ended null: no end was recorded
   * @param plans as they were agreed to
   */
  static AuditedOperation of(AuditRecord begun, @Nullable AuditRecord ended, List<String> plans) {
    if (ended == null) {
      boolean running = begun.mayBeRunning();
      return of(
          begun,
          plans,
          running && begun.isOfThisMachine() ? "RUNNING" : "NO_END",
          null,
          null,
          null,
          !begun.isOfThisMachine()
              ? "no end recorded; look for process %d on %s".formatted(begun.pid(), begun.host())
              : running
                  ? "no end recorded; its process %d is still running".formatted(begun.pid())
                  : "no end recorded; its process is gone");
    }
    return of(
        begun,
        plans,
        ended.outcome() == null ? "NO_END" : ended.outcome(),
        ended.exitStatus(),
        ended.databaseChanged(),
        ended.durationMillis(),
        ended.message());
  }

  /** What a run put right of those that were killed. */
  static AuditedOperation recovered(AuditRecord record) {
    return of(record, List.of(), "RECOVERED", null, null, null, record.message());
  }

  private static AuditedOperation of(
      AuditRecord begun,
      List<String> plans,
      String outcome,
      @Nullable Integer status,
      @Nullable Boolean changed,
      @Nullable Long millis,
      @Nullable String note) {
    return new AuditedOperation(
        begun.sequence(),
        begun.at(),
        begun.run(),
        begun.command(),
        begun.arguments(),
        begun.user(),
        begun.host(),
        begun.pid(),
        begun.target(),
        begun.databaseUser(),
        plans,
        outcome,
        status,
        changed,
        millis,
        note);
  }
}
