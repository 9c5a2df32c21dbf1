package dev.belay.incident;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.report.Remark;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is kept of an operation beside its journal and the audit trail, for its report: the words of
 * the plans that were agreed to, what people were told, and the answer.
 *
 * @param operation version of this form
 * @param plans each that was agreed to, as lines
 * @param ended null: it did not come to its end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeptOperation(
    int operation,
    String run,
    String command,
    String arguments,
    String database,
    Instant startedAt,
    List<List<String>> plans,
    List<Told> told,
    @Nullable Ended ended) {
  /** The version of this form that this program writes. */
  static final int VERSION = 1;

  KeptOperation {
    plans = List.copyOf(plans);
    told = List.copyOf(told);
  }

  /** Something that people were to be told of while it went on. */
  record Told(Instant at, String type, String severity, String title, Map<String, String> facts) {
    Told {
      facts = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(facts));
    }
  }

  /**
   * How it ended.
   *
   * @param outcome the name of the exit code, or {@code SIGNAL}
   * @param databaseChanged null: not known
   * @param error the three lines of its failure; null: it did not fail
   * @param remarks of hooks and health checks
   * @param lines of the answer
   * @param answer as in {@code --output json}; null: it had none, or one that is too long to keep
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Ended(
      Instant at,
      String outcome,
      @Nullable Integer exitStatus,
      @Nullable Boolean databaseChanged,
      Long durationMillis,
      @Nullable Problem error,
      List<Remark> remarks,
      List<String> lines,
      @Nullable JsonNode answer) {
    Ended {
      remarks = List.copyOf(remarks);
      lines = List.copyOf(lines);
    }
  }

  /** A failure. */
  record Problem(String message, String state, String hint) {}
}
