package dev.belay.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.belay.core.ExitCode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every JSON answer is wrapped in, for success and failure alike. Within one schema number
 * fields are only ever added.
 *
 * @param schema version of this form
 * @param command the words of the command, such as {@code list-backups}
 * @param outcome name of the exit code
 * @param exitStatus what the process exits with
 * @param databaseChanged whether any database is not as it was; true also where that is not known
 * @param durationMillis wall time in milliseconds
 * @param result the answer, or null after a failure
 * @param error the failure, or null
 * @param remarks of hooks and health checks, or null where there are none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "schema",
  "command",
  "outcome",
  "exitStatus",
  "databaseChanged",
  "startedAt",
  "durationMillis",
  "result",
  "error",
  "remarks"
})
record Envelope(
    int schema,
    String command,
    ExitCode outcome,
    int exitStatus,
    boolean databaseChanged,
    Instant startedAt,
    long durationMillis,
    @Nullable Object result,
    @Nullable Problem error,
    @Nullable List<Remark> remarks) {

  /** A failure, as JSON. */
  record Problem(String message, String state, String hint) {}
}
